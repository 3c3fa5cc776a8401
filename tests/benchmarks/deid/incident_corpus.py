"""Invented incident reports of about 500 characters, dense in identifiers and in clinical terms, each with a record.

Sentences, people and forms were written apart from those that the tagger learns from. The seed gives the texts; half of the
sentences are sealed: `sealed_texts` is scored and not read.
"""

import re
import tomllib
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.deid.demo_corpus import KnownText
from tests.benchmarks.deid.incident_values import Person, named, person, value
from tests.benchmarks.deid.scoring import Kept, Part

_SLOT = re.compile(r"\{(\w+)\}")
_CAST = ("pt", "nurse", "nurse2", "doc", "doc2")
_LENGTH = 500


@cache
def sentences(*, sealed: bool) -> Sequence[str]:
    """The sentences of one half."""
    written = tomllib.loads((Path(__file__).parent / "incident_frames.toml").read_text())["sentences"]
    return tuple(sentence for sentence in written if (zlib.crc32(sentence.encode()) % 2 == 1) is sealed)


def incident_texts(count: int, seed: int, *, sealed: bool) -> list[KnownText]:
    """So many reports."""
    random = Random(f"incident reports {seed}")
    return [_Report(random).written(f"inc-{number}", sentences(sealed=sealed)) for number in range(count)]


class _Report:
    """One report while it is written."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.cast = {role: person(random) for role in _CAST}
        self.values: dict[str, tuple[str, str, str]] = {}
        self.parts: list[str] = []
        self.length = 0
        self.spans: list[Part] = []
        self.keep: list[Kept] = []

    def written(self, name: str, frames: Sequence[str]) -> KnownText:
        joint = self.random.choice((" ", " ", " ", "\n"))
        for sentence in self.random.sample(frames, len(frames)):
            if self.length > _LENGTH:
                break
            self._add((joint if self.length else "") + self._told(sentence))
        change = self.random.random()
        text = "".join(self.parts)
        shown = text.lower() if change < 0.06 else text.upper() if change < 0.1 else text
        shown = shown if len(shown) == len(text) else text
        return KnownText(name, shown, tuple(self.spans), tuple(self.keep), (), self._known())

    def _told(self, sentence: str) -> str:
        """One sentence in thirty loses the spaces behind its stops."""
        return sentence.replace(". ", ".").replace(", ", ",") if self.random.random() < 1 / 30 else sentence

    def _add(self, sentence: str) -> None:
        end = 0
        for match in _SLOT.finditer(sentence):
            self._put(sentence[end : match.start()])
            self._fill(match[1])
            end = match.end()
        self._put(sentence[end:])

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _fill(self, slot: str) -> None:
        if slot in _CAST or slot == "kin":
            text, kind, category = named(self.cast.get(slot) or person(self.random), self.random), "NAME", ""
        else:
            text, kind, category = self.values.setdefault(slot, value(slot, self.random))
            if slot not in ("mrn", "acct", "ssn", "plan", "street", "zip"):
                del self.values[slot]  # said anew each time; those of the patient stay the same in a report
        if kind:
            self.spans.append(Part(self.length, self.length + len(text), kind))
        elif category in ("drug", "dose", "eponym", "device", "measure", "unit"):
            self.keep.append(Kept(self.length, self.length + len(text), category))
        self._put(text)

    def _known(self) -> dict[str, Any]:
        """What the record says: of every field one in eight is missing; relatives and second staff are in none."""
        said = {slot: text for slot, (text, *_) in self.values.items()}
        patient = {"given": self.cast["pt"].given, "family": self.cast["pt"].family, **said}
        patient = {{"acct": "account"}.get(slot, slot): text for slot, text in patient.items() if self._recorded()}
        return {
            "patient": patient,
            "reporter": self._person("nurse") if self._recorded() else {},
            "providers": [self._person(role) for role in ("doc", "nurse2") if self._recorded()],
        }

    def _person(self, role: str) -> dict[str, str]:
        who: Person = self.cast[role]
        return {"given": who.given, "family": who.family}

    def _recorded(self) -> bool:
        return self.random.random() > 1 / 8
