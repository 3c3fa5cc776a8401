"""Renders docs/crosswalks.md from the crosswalks of the contract."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas.crosswalks.loader import category_crosswalks, harm_crosswalks
from schemas.crosswalks.relation import Code, Crosswalk

PAGE = Path(__file__).parents[1] / "docs" / "crosswalks.md"

HEAD = """# Crosswalks

Rendered by `python -m deploy.reference` from `schemas/crosswalks/`. Do not edit.

A value of another scale maps to the **set** of canonical codes that it can stand for, or it cannot be mapped. No row picks
one of several for the sake of a tidy table: people agree on harm only at kappa 0.47 (AHRQ Harm Scale V1.2) to 0.51 (V1.1).
The value as the source wrote it and the crosswalk's name and version stay beside what was mapped. A harm set of one code can
be taken over; a larger one becomes `unknown` until a person has looked.

"Values" says where the values of the other scale come from, and whether they were read there. Which rows belong together is our
judgement unless the page says otherwise, and a PSO may decide otherwise with a version of its own.

Backwards, a code stands for every value whose set holds it.
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD, "# Harm\n", *_each(harm_crosswalks()), "# Categories\n", *_each(category_crosswalks())]
    return "\n".join(lines).rstrip() + "\n"


def _each(crosswalks: Mapping[str, Crosswalk[Code]]) -> Iterator[str]:
    for crosswalk in crosswalks.values():
        yield f"## {crosswalk.title}\n"
        read = "read there" if crosswalk.checked else "**not read there: check before a legal or contractual claim**"
        yield f"`{crosswalk.identity}`. Values: {crosswalk.values_from}; {read}. Pairing: {crosswalk.pairing}."
        if crosswalk.remark:
            yield crosswalk.remark
        yield "\n| value | meaning | canonical codes | remark |\n|---|---|---|---|"
        for row in crosswalk.rows:
            order = list(type(next(iter(row.codes)))) if row.codes else []
            codes = ", ".join(f"`{code}`" for code in order if code in row.codes) or "cannot map"
            yield f"| `{row.value}` | {row.label} | {codes} | {row.remark} |"
        yield ""
