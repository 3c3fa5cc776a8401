"""The values of a column as canonical codes: by a shipped crosswalk where the scale is beyond doubt, otherwise by words."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from producers.mapping_crosswalk import row_of, shipped
from producers.suggesting.column import Column
from producers.suggesting.disclosable import may_be_shown
from producers.suggesting.words import folded, recognise

VOCABULARIES = {
    "report_type": "report_type", "categories[]": "category", "harm": "harm", "setting": "setting",
    "medications[].stage": "stage", "medications[].route_actual": "route",
    "medications[].incorrect_actions[]": "incorrect_action", "patient.sex": "sex", "reporter.anonymous": "flag",
}  # fmt: skip
_ENOUGH = 0.9
_MOST_VALUES = 1_000
"""A column with more different cells is no pick-list, and reading it as one would take most of the time."""
_HINTS: dict[str, tuple[set[str], ...]] = {  # words of a column's name that name the scale itself, all of one set
    "harm/ncc_merp": ({"merp"},),
    "harm/ahrq_1_2": ({"ahrq"},),
    "harm/ahrq_1_1": ({"ahrq"},),
    "harm/lfpse_physical": ({"lfpse", "physical"}, {"ot001"}),
    "harm/lfpse_psychological": ({"lfpse", "psychological"}, {"ot002"}),
    "harm/nrls": ({"nrls"}, {"pd09"}),
    "harm/hpi_sec": ({"hpi"},),
    "harm/sac_nsw": ({"sac", "nsw"},),
    "harm/sac_va": ({"sac", "va"},),
}
_NEVER = {"harm/fhir_r4_outcome", "harm/fhir_r4_severity", "harm/ahrq_2_0"}
"""Scales that files of incident systems are not written in, or that say no more than another one here."""


@dataclass(slots=True)
class Picked:
    """How a column's values become codes, and for which share of its rows."""

    share: float = 0.0
    crosswalk: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    """Values to ask about, with their counts."""
    hidden: tuple[int, int] = (0, 0)
    """How many further values in how many rows are not shown."""
    after: str | None = None
    before: str | None = None
    split: str | None = None
    doubt: str = ""


def picked(column: Column, to: str) -> Picked:
    """The best reading of a column as the vocabulary of a field."""
    if len(column.counts) > _MOST_VALUES:
        return Picked()
    readings = [_read(column, to, after, before) for after, before in _parts(column)]
    return max(readings, key=lambda one: (not one.doubt, one.crosswalk is not None, round(one.share, 2), len(one.values)))


def _parts(column: Column) -> list[tuple[str | None, str | None]]:
    mark = column.separator
    return [(None, None)] if mark is None else [(mark, None), (None, mark)]


def _read(column: Column, to: str, after: str | None, before: str | None) -> Picked:
    split = column.list_separator if to.endswith("[]") else None
    counts: Counter[str] = Counter()
    for text, count in column.counts.items():
        for piece in text.split(split) if split else (text,):
            part = piece.partition(after)[2] if after else piece.partition(before)[0] if before else piece
            if part.strip():
                counts[part.strip()] += count
    kind = VOCABULARIES[to]
    found = _by_crosswalk(column.label, kind, counts) if kind in ("harm", "category") else None
    found = found or _by_words(kind, counts)
    found.after, found.before, found.split = after, before, split
    return found


def _by_crosswalk(label: str, kind: str, counts: Counter[str]) -> Picked | None:
    """The one scale on which nearly all values are. Two scales that read them differently are a doubt."""
    names = [name for name in shipped() if name.startswith(f"{kind}/") and name not in _NEVER]
    covering = {name: share for name in names if (share := _share(name, counts)) >= _ENOUGH}
    if kind == "category" and not _coded(counts):
        return None
    words = set(folded(label).split())
    hinted = [name for name in covering if any(hint <= words for hint in _HINTS.get(name, ()))]
    left = hinted or list(covering)
    if not left:
        return None
    bare = all(len(value) <= 2 for value in counts)
    best = max(left, key=lambda name: (covering[name], _width(name, counts)))
    found = Picked(share=covering[best], crosswalk=best)
    if len(left) > 1 and any(_meanings(one, counts) != _meanings(best, counts) for one in left):
        found.doubt = "could be " + " or ".join(left)
    elif bare and not hinted:
        found.doubt = f"could be {best}, but no name says which scale it is and which end is worst"
    return _decided(found, counts)


def _decided(found: Picked, counts: Counter[str]) -> Picked:
    """Letters up to I are no other scale's; words need no decision where the widest reading is taken."""
    letters = {value.upper() for value in counts}
    if found.crosswalk == "harm/ncc_merp" and letters & {"G", "H", "I"}:
        found.doubt = ""
    if found.doubt and any(len(value) > 2 for value in counts):
        found.doubt = ""
    return found


def _coded(counts: Counter[str]) -> bool:
    """Codes, or the long names of a published list; plain words such as `Fall` are no list's own."""
    return all(len(value) <= 4 for value in counts) or (len(counts) >= 4 and any("/" in value for value in counts))


def _share(name: str, counts: Counter[str]) -> float:
    crosswalk = shipped()[name]
    return sum(count for value, count in counts.items() if row_of(crosswalk, value)) / max(1, counts.total())


def _meanings(name: str, counts: Counter[str]) -> list[Any]:
    rows = [row_of(shipped()[name], value) for value in counts]
    return [row.codes if row else None for row in rows]


def _width(name: str, counts: Counter[str]) -> int:
    """How cautious a scale reads the values: where two fit alike, the one that claims less is taken."""
    return sum(len(codes or ()) for codes in _meanings(name, counts))


def _by_words(kind: str, counts: Counter[str]) -> Picked:
    found = Picked()
    recognised = unknown_values = unknown_rows = 0
    for value, count in counts.most_common():
        code = recognise(kind, value)
        recognised += count if code else 0
        if code and (code.exact or may_be_shown(value, count)):
            found.values.setdefault(value, code.code)
        elif not code and may_be_shown(value, count):
            found.unknown.append((value, count))
        else:
            unknown_values, unknown_rows = unknown_values + 1, unknown_rows + count
    found.share = recognised / max(1, counts.total())
    found.hidden = (unknown_values, unknown_rows)
    return found
