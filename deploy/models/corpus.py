"""Puts written sentences, invented people and noise together into labelled narratives.

A sentence frame belongs to training or to validation, never to both; so does a surname.
"""

import random
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from deploy.models.people import Piece
from deploy.models.places import CLAUSES, FRAMES
from deploy.models.pools import Pools, ending
from deploy.models.slots import rendered

CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
MACRO = re.compile(r"%([a-z]+)%")
SLOT = re.compile(r"\{([a-z]+)\}")
WORD = re.compile(r"[a-z]{4,}")
PLAIN = ("", "=dx", "=unit", "=common", "=measure")
NARRATIVE = ("incident", "incident2", "story", "grammar", "grammar", "clinical", "clinical2", "negative", "negative2")
TERSE = ("shorthand", "shorthand", "incident2", "negative", "negative2", "clinical", "clinical2", "grammar")
ASKED = ("query", "query", "query", "negative", "clinical2")
MIXED = ("incident", "incident2", "story", "clinical", "clinical2", "shorthand", "grammar", "grammar", "query", "negative2")
TYPES = {"N": "NAME", "F": "FACILITY", "L": "LOCATION", "I": "ID", "D": "OTHER"}


@dataclass(slots=True)
class Narrative:
    """A text and its marked stretches: start, end, label, number of its sentence frame."""

    text: str = ""
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    keep: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Frames:
    """The sentence frames of one split, by sort."""

    sorts: dict[str, list[str]]
    clauses: dict[str, list[str]]
    tails: list[str]
    leads: list[str]


def is_validation(frame: str) -> bool:
    """One frame in seven is for validation."""
    return zlib.crc32(frame.encode()) % 7 == 3


def frames(pool: Pools, validation: bool, everything: bool = False) -> Frames:
    """Reads the written frames of one split."""

    def chosen(lines: list[str]) -> list[str]:
        return [line for line in lines if line.strip() and (everything or is_validation(line) == validation)]

    clauses = {
        path.stem: chosen([option for line in path.read_text(encoding="utf-8").split("\n") for option in options(line)])
        for path in sorted(CLAUSES.glob("*.txt"))
    }
    read = {path.stem: path.read_text(encoding="utf-8").split("\n") for path in sorted(FRAMES.glob("*.txt"))}
    return Frames(
        sorts={name: chosen(lines) for name, lines in read.items()},
        clauses=clauses,
        tails=chosen(pool.phrases["tail"]),
        leads=chosen(pool.phrases["lead"]),
    )


def options(line: str) -> list[str]:
    """A clause with each of its alternatives chosen, so that alternatives are split between training and validation too."""
    match = CHOICE.search(line)
    if match is None:
        return [line.replace(" ,", ",")]
    return [found for choice in match[1].split("|") for found in options(line[: match.start()] + choice + line[match.end() :])]


class Author:
    """Writes narratives of one split from one seed."""

    def __init__(self, pool: Pools, split: Frames, seed: int) -> None:
        self.pool, self.frames, self.rng = pool, split, random.Random(seed)  # noqa: S311 - invented text, not secrets

    def narratives(self, count: int, replaced: float) -> Iterator[Narrative]:
        """So many narratives; `replaced` is the share of a sentence's own words that others stand in for."""
        for _ in range(count):
            yield self._noisy(self._composed(replaced))

    def _composed(self, replaced: float) -> list[Piece]:
        chance = self.rng.random()
        if chance < 0.5:
            return self._joined(NARRATIVE, self.rng.randint(1, 9), (" ", " ", " ", "\n"), replaced)
        if chance < 0.68:
            return self._joined(TERSE, self.rng.randint(1, 7), ("\n", "; ", ". ", ", ", " - ", " "), replaced)
        if chance < 0.83:
            return self._joined(ASKED, self.rng.randint(1, 2), (" ",), replaced)
        if chance < 0.94:
            return self._joined(MIXED, self.rng.randint(1, 6), ("\n", " ", "\n\n"), replaced)
        return self._joined(("negative", "negative2"), self.rng.randint(1, 6), (" ", "\n"), replaced)

    def _joined(self, sorts: tuple[str, ...], count: int, joints: tuple[str, ...], replaced: float) -> list[Piece]:
        pieces: list[Piece] = []
        joint = self.rng.choice(joints)
        for place in range(count):
            if place:
                pieces.append((joint if self.rng.random() < 0.85 else "\n", ""))
            pieces += self._sentence(self.rng.choice(sorts), replaced)
        return pieces

    def _sentence(self, sort: str, replaced: float) -> list[Piece]:
        frame = self.rng.choice(self.frames.sorts[sort])
        pieces = self._filled(frame, replaced)
        if not sort.startswith("negative") or self.rng.random() < 0.35:
            pieces = self._extended(pieces)
        return pieces

    def _extended(self, pieces: list[Piece]) -> list[Piece]:
        if self.rng.random() < 0.16 and self.frames.leads:
            first, label = pieces[0]
            if not label and first[:1].isupper() and first[1:2].islower():
                pieces[0] = (first[0].lower() + first[1:], label)
            pieces = [*self._filled(self.rng.choice(self.frames.leads), 0), *pieces]
        if self.rng.random() < 0.22 and self.frames.tails:
            last, label = pieces[-1]
            stop = last[-1:] if not label and last[-1:] in (".", "!", "?") else ""
            pieces[-1] = (last[: len(last) - len(stop)], label)
            pieces = [*pieces, *self._filled(self.rng.choice(self.frames.tails), 0), (stop, "")]
        return pieces

    def _clause(self, match: re.Match[str]) -> str:
        if match[1] == "adjunct" and self.rng.random() < 0.3:
            return ""
        return self.rng.choice(self.frames.clauses[match[1]])

    def _filled(self, frame: str, replaced: float) -> list[Piece]:
        while MACRO.search(frame):
            frame = MACRO.sub(self._clause, frame)
        while match := CHOICE.search(frame):
            frame = frame[: match.start()] + self.rng.choice(match[1].split("|")) + frame[match.end() :]
        pieces: list[Piece] = []
        end = 0
        for match in SLOT.finditer(frame):
            pieces.append((self._reworded(frame[end : match.start()], replaced), ""))
            new = rendered(match[1], self.pool, self.rng)
            if match.start() == 0 and new and new[0][1] in PLAIN and self.rng.random() < 0.9:
                new = [(new[0][0][:1].upper() + new[0][0][1:], new[0][1]), *new[1:]]
            pieces += new
            end = match.end()
        pieces.append((self._reworded(frame[end:], replaced), ""))
        return [piece for piece in pieces if piece[0]] or [(".", "")]

    def _reworded(self, text: str, share: float) -> str:
        """Other words of the same part of speech in some places: sentences that nobody wrote, with the same structure."""
        if not share:
            return text

        def other(match: re.Match[str]) -> str:
            word = match.group()
            part = self.pool.parts.get(word)
            if part is None or self.rng.random() >= share:
                return word
            return self.rng.choice(self.pool.stand_ins.get((part, ending(word)), [word]))

        return WORD.sub(other, text)

    def _noisy(self, pieces: list[Piece]) -> Narrative:
        pieces = [self._misspelt(piece) for piece in pieces]
        if self.rng.random() < 0.05:
            pieces = [self._crowded(piece) for piece in pieces]
        chance = self.rng.random()
        change: Callable[[str], str] = str.lower if chance < 0.13 else str.upper if chance < 0.2 else str
        return laid_out(pieces, change)

    def _misspelt(self, piece: Piece) -> Piece:
        text, label = piece
        chance = self.rng.random()
        if label == "N" and len(text) > 4:
            if chance < 0.05:
                place = self.rng.randrange(1, len(text) - 2)
                return self.rng.choice((
                    text[:place] + text[place + 1 :], text[:place] + text[place] + text[place:],
                    text[:place] + text[place + 1] + text[place] + text[place + 2 :],
                )), label  # fmt: skip
            if chance < 0.12:
                return text.lower(), label
            if chance < 0.17:
                return text.upper(), label
            if chance < 0.185:
                return text.replace(" ", "\n", 1), label
        if label in ("F", "L") and chance < 0.08:
            return (text.lower() if chance < 0.05 else text.upper()), label
        return piece

    def _crowded(self, piece: Piece) -> Piece:
        text, label = piece
        if not label:
            text = re.sub(r"([.,;:]) ", r"\1" if self.rng.random() < 0.7 else r"\1 ", text)
            if self.rng.random() < 0.1:
                text = text.rstrip(" ")
        return text, label


def laid_out(pieces: list[Piece], change: Callable[[str], str]) -> Narrative:
    """Joins the pieces and notes where the marked ones lie; neighbours of one label with only a sign between are one."""
    narrative = Narrative()
    parts: list[str] = []
    at = 0
    for text, label in pieces:
        new = change(text)
        if len(new) != len(text):
            new = text
        if label.startswith("="):
            narrative.keep.append((at, at + len(new), label[1:]))
        elif label:
            narrative.spans.append((at, at + len(new), label))
        parts.append(new)
        at += len(new)
    narrative.text = "".join(parts)
    return narrative
