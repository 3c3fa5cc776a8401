"""Names of columns and values of pick-lists as words that can be compared, and the two tables of what they may mean."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d\d?$)")
_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "&": " "}
_IDLE = frozenset({"of", "the", "and", "a", "der", "die", "des", "das", "in", "on", "at", "am", "is", "was", "to", "for"})
_USUAL = {"report_type": "incident"}
"""What any event is called: `near miss event` holds `event`, and is none."""
_GERMAN_ENDS = ("datum", "zeit", "nummer", "nr", "typ", "art", "grad", "beschreibung", "name", "kategorie", "id")


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column may fill: its path, the kind of cells that it takes, and its names as sets of words."""

    to: str
    kind: str
    names: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The code that a value seems to stand for. `exact`: the value is a phrase of the table, so it is nobody's secret."""

    code: str
    exact: bool


def folded(text: str) -> str:
    """Lower case, without accents and signs, single blanks."""
    lower = text.casefold()
    for letter, plain in _LETTERS.items():
        lower = lower.replace(letter, plain)
    return " ".join(re.findall(r"[a-z0-9]+", lower))


@cache
def targets() -> tuple[Target, ...]:
    """Every field that is looked for."""
    return tuple(
        Target(to, entry["kind"], tuple(frozenset(_expanded(name)) for name in entry["names"]))
        for to, entry in _table("columns")["field"].items()
    )


def name_score(name: str, target: Target) -> float:
    """0 to 1: how far the words of a column's name are those of a field (Dice), whichever of its names fits best."""
    words = frozenset(_expanded(name))
    if not words:
        return 0.0
    return max(2 * len(words & known) / (len(words) + len(known)) for known in target.names)


def recognise(vocabulary: str, text: str) -> Recognised | None:
    """The code of a value; None where no phrase of the vocabulary is in it, or those of several codes are."""
    value = folded(text)
    phrases = _phrases(vocabulary)
    if value in phrases:
        return Recognised(phrases[value], exact=True)
    words = f" {value} "
    held = [phrase for phrase in phrases if len(phrase) > 2 and f" {phrase} " in words]
    if others := [phrase for phrase in held if phrases[phrase] != _USUAL.get(vocabulary)]:
        held = others
    longest = max((len(phrase) for phrase in held), default=0)
    codes = {phrases[phrase] for phrase in held if len(phrase) == longest}
    return Recognised(codes.pop(), exact=False) if len(codes) == 1 else None


def _expanded(name: str) -> list[str]:
    known: Mapping[str, str] = _table("columns")["abbreviations"]
    words: list[str] = []
    for word in folded(_CAMEL.sub(" ", name)).split():
        for part in (word,) if word in known else _compound(word, known):
            words.extend(known.get(part, part).split())
    words = [known.get(word, word) for word in words]
    return [word for word in words if word not in _IDLE]


def _compound(word: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """German writes the words of a name together: `ereignisdatum`."""
    for end in _GERMAN_ENDS:
        head = word.removesuffix(end)
        if head != word and len(head) > 2:
            return (head.removesuffix("s") if head not in known else head, end)
    return (word,)


@cache
def _phrases(vocabulary: str) -> dict[str, str]:
    table: Mapping[str, list[str]] = _table("values")[vocabulary]
    return {folded(phrase): code for code, phrases in table.items() for phrase in (*phrases, code)}


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("producers.suggesting").joinpath(f"{name}.toml").read_text("utf-8"))
