"""Renders into docs/deidentification.md what becomes of every field and of every listed identifier."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from stream_processors.domain.deidentification import zip3_census
from stream_processors.domain.deidentification.rules import Output, rules_of
from stream_processors.domain.deidentification.rules_identifiers import (
    LIMITED_DATA_SET,
    PROVIDER_IDENTIFIERS,
    SAFE_HARBOR,
    Identifier,
)
from stream_processors.domain.deidentification.rules_treatments import Rule, Treatment
from stream_processors.domain.deidentification.zip3 import MOST_RESTRICTED, populations

PAGE = Path(__file__).parents[1] / "docs" / "deidentification.md"
BEGIN = "<!-- Rendered by `python -m deploy.reference`; do not edit. -->"
END = "<!-- End of what is rendered. -->"

_ABSENT = {True: "it can stand in words only", False: "fields hold words, numbers and codes, and it is none of them"}


def page(before: str) -> str:
    """The page with its rendered part made anew. Raises ValueError where its two marks are not both there, in order."""
    head, begun, rest = before.partition(BEGIN)
    _, ended, tail = rest.partition(END)
    if not begun or not ended:
        raise ValueError("the page has lost a mark of its rendered part")
    return "\n".join([head + BEGIN, "", *_lines()]) + END + tail


def _lines() -> Iterator[str]:
    yield from _fields()
    provider = "42 CFR 3.206(b)(4)(iv)(A)"
    yield from _identifiers("The 13 identifiers of a provider", provider, PROVIDER_IDENTIFIERS)
    yield from _identifiers("The 16 identifiers that a limited data set lacks", "45 CFR 164.514(e)(2)", LIMITED_DATA_SET)
    yield from _identifiers("The 18 identifiers of the safe harbor", "45 CFR 164.514(b)(2)(i)", SAFE_HARBOR)
    yield from _zip_codes()


def _fields() -> Iterator[str]:
    yield from ("## Every field", "")
    columns = [rules_of(output) for output in Output]
    yield from _head("field", *(output.value for output in Output))
    for path in columns[0]:
        yield _row(f"`{path}`", *(_told(column[path]) for column in columns))
    yield ""
    yield from ("What the columns of outputs that are not made would ask:", "")
    for output in (Output.ACCREDITOR, Output.P3):
        rule = next(iter(rules_of(output).values()))
        yield f"- {output.value}, {rule.paragraph}: {rule.reason}"
    yield ""


def _told(rule: Rule) -> str:
    if rule.treatment is Treatment.NOT_RELEASED:
        return str(rule.treatment)
    goes_to = f" as `{rule.becomes}`" if rule.becomes else ""
    return f"**{rule.treatment}**{goes_to}. {rule.reason} ({_law(rule.paragraph)})"


def _law(paragraph: str) -> str:
    return "no paragraph speaks of it" if paragraph == "none" else paragraph


def _identifiers(title: str, paragraph: str, listed: Sequence[Identifier]) -> Iterator[str]:
    yield from (f"## {title}", "", f"{paragraph}.", "")
    yield from _head("", "identifier", "fields that carry it", "P1", "P2")
    for one in listed:
        carried = "<br>".join(f"`{path}`" for path in one.carriers) or f"none: {_ABSENT[one.is_words]}"
        treated = ("<br>".join(rules_of(output)[path].treatment for path in one.carriers) for output in (Output.P1, Output.P2))
        yield _row(f"({one.place})", one.what, carried, *(cell or "-" for cell in treated))
    yield ""


def _zip_codes() -> Iterator[str]:
    people = populations()
    small = ", ".join(f"{prefix} ({count:,})" for prefix, count in people.items() if count <= MOST_RESTRICTED)
    yield from ("## Three digits of a ZIP code", "")
    yield f"- Source: {zip3_census.SOURCE}; SHA-256 `{zip3_census.SHA256}`."
    yield f"- {zip3_census.AREAS:,} areas, {sum(people.values()):,} people, {len(people)} prefixes."
    yield f"- {MOST_RESTRICTED:,} people or fewer, told as `000`: {small}."
    yield "- A prefix that is not in the table is told as `000` too."
    yield ""


def _head(*columns: str) -> Iterator[str]:
    yield _row(*columns)
    yield f"|{'---|' * len(columns)}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
