"""Shipped crosswalks inside a mapping: one code where the scale names one, and otherwise the value as the source wrote it.

A value that stands for several codes is not decided here: harm becomes `unknown`, a category stays out, and a person looks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from producers.mapping import Combine, Combining, Rule
from producers.mapping_tree import parse_path
from producers.mapping_values import Convert, Unconvertible, Value, as_is
from producers.readers.outcome import Reason
from schemas.crosswalks.loader import category_crosswalks, harm_crosswalks
from schemas.crosswalks.relation import Crosswalk, Row
from schemas.taxonomy import Harm, HarmScale

_TARGETS = {"harm": "harm", "category": "categories[]"}
_UNDECIDED = {"harm": str(Harm.UNKNOWN), "category": ""}
_SCALES = {scale: scale for scale in HarmScale} | {"sac_nsw": HarmScale.SAC, "sac_va": HarmScale.SAC}


@cache
def shipped() -> dict[str, Crosswalk[Any]]:
    """Every crosswalk by the name that a mapping uses: `harm/nrls`."""
    harms = {f"harm/{name}": crosswalk for name, crosswalk in harm_crosswalks().items()}
    return {**harms, **{f"category/{name}": crosswalk for name, crosswalk in category_crosswalks().items()}}


def wrong_crosswalk(name: str, to: str) -> str:
    """Why a field cannot use a crosswalk; empty when it can."""
    if name not in shipped():
        return "no such crosswalk; shipped are " + ", ".join(shipped())
    target = _TARGETS[name.partition("/")[0]]
    return "" if to == target else f"fills {target} only"


def identities(names: Iterable[Any]) -> tuple[str, ...]:
    """Name and version of each crosswalk of a mapping file; names that are none were told as mistakes."""
    found = shipped()
    return tuple(dict.fromkeys(found[name].identity for name in names if isinstance(name, str) and name in found))


def row_of(crosswalk: Crosswalk[Any], text: str) -> Row[Any] | None:
    """The row of a value by its code, another spelling, or the label that exports write in its place."""
    return crosswalk.row_of(text) or _labels(crosswalk.identity).get(_folded(text))


def by_crosswalk(name: str) -> Convert:
    """The one code of a value, or what stands for "not decided"; a value that is not on the scale is unmapped."""
    crosswalk, undecided = shipped()[name], _UNDECIDED[name.partition("/")[0]]

    def convert(text: str) -> Value:
        row = row_of(crosswalk, text)
        if row is None:
            raise Unconvertible(Reason.UNMAPPED, f"the crosswalk {crosswalk.identity} has no such value")
        return str(next(iter(row.codes))) if len(row.codes) == 1 else undecided

    return convert


def harm_as_written(rule: Rule, crosswalk: str | None) -> Iterator[Rule]:
    """What goes with a harm that a crosswalk maps: the value as written, and the scale it is on."""
    if crosswalk is None or not crosswalk.startswith("harm/"):
        return
    scale = str(_SCALES.get(crosswalk.removeprefix("harm/"), HarmScale.OTHER))
    beside = replace(rule, keeps_original=False, way=f"crosswalk {crosswalk}")
    # The order of `prefer` is one of codes, which the words do not have.
    words = Combining(Combine.JOIN) if rule.combining.way is Combine.PREFER else rule.combining
    yield _filling(replace(beside, combining=words), "harm_original", as_is)
    yield _filling(replace(beside, combining=Combining()), "harm_scale", lambda _text: scale)


def _filling(rule: Rule, to: str, convert: Convert) -> Rule:
    return replace(rule, to=to, steps=parse_path(to), convert=convert, strict=convert)


@cache
def _labels(identity: str) -> dict[str, Row[Any]]:
    crosswalk = next(one for one in shipped().values() if one.identity == identity)
    return {_folded(row.label): row for row in crosswalk.rows}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
