"""Puts written lines together into labelled reports.

A line of lines/<category>.txt may begin with tags and a colon: n near miss, u unsafe condition, x either (the next decides),
a level of harm, +category for one more. Without a tag it is an incident whose harm it does not say. A line belongs to one
fold: a model is judged only on reports none of whose lines it has seen.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from deploy.models.classifier.noise import roughened
from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.heads import CATEGORIES, HARMS, MISSING, REPORT_TYPES, UNSAID
from stream_processors.domain.classification.training import Labelled

Written = TypeVar("Written")
HERE = Path(__file__).parent
FOLDS = 10
TAGS = re.compile(r"([a-z+_]+(?: \+[a-z_]+)*): (?=\S)")
CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
SLOT = re.compile(r"\{([a-z0-9]+)\}")
LEVELS = {"none": Harm.NONE, "mild": Harm.MILD, "moderate": Harm.MODERATE, "severe": Harm.SEVERE, "death": Harm.DEATH}
HARM_CLAUSES = {**LEVELS, "unknown": Harm.UNKNOWN}
KINDS = {"n": ReportType.NEAR_MISS, "u": ReportType.UNSAFE_CONDITION, "x": None}
INCIDENT, NOT_APPLICABLE = REPORT_TYPES.index(ReportType.INCIDENT), HARMS.index(Harm.NOT_APPLICABLE)
HARM_WEIGHTS = (4, 4, 4, 4, 4, 2)
"""How often a clause of none, mild, moderate, severe, death, unknown is written."""

KIND_WEIGHTS = (52, 21, 21, 6)
"""How often an incident, a near miss, an unsafe condition and a line that leaves it open begin a report."""


@dataclass(frozen=True, slots=True)
class Line:
    """One written line with what it says. `kind` None: the line does not tell the report type."""

    text: str
    kind: ReportType | None
    harm: Harm | None
    categories: tuple[Category, ...]


def parsed(line: str, category: Category) -> Line:
    """A line of a category's file."""
    kind: ReportType | None = ReportType.INCIDENT
    harm, more = None, []
    if (found := TAGS.match(line)) and _is_tags(found[1]):
        line = line[found.end() :]
        for tag in found[1].split():
            if tag.startswith("+"):
                more.append(Category(tag[1:]))
            elif tag in LEVELS:
                harm = LEVELS[tag]
            else:
                kind = KINDS[tag]
    return Line(line, kind, harm, (category, *more))


def _is_tags(text: str) -> bool:
    return all(tag.startswith("+") or tag in LEVELS or tag in KINDS for tag in text.split())


def lines() -> list[Line]:
    """Every line of every category."""
    return [parsed(line, category) for category in Category for line in _read(HERE / "lines" / f"{category}.txt")]


def terms() -> dict[str, list[str]]:
    """The words of the field by category, harm and report type; `frames_category` holds what they are put into."""
    found = {path.stem: _read(path) for path in sorted((HERE / "terms").glob("*.txt"))}
    return {
        sort: read if sort.startswith("frames") else [term.strip() for line in read for term in line.split(",")]
        for sort, read in found.items()
    }


def clauses() -> dict[str, list[str]]:
    """Every clause by its sort."""
    return {path.stem: _read(path) for path in sorted((HERE / "clauses").glob("*.txt"))}


def _read(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _of_folds(found: Sequence[Written], folds: Sequence[int], first: int = 0) -> list[Written]:
    """Dealt out in turn from a first fold on, so that every fold has something of every sort."""
    return [one for place, one in enumerate(found, first) if place % FOLDS in folds]


class Author:
    """Writes reports from the lines of some folds."""

    def __init__(self, folds: Sequence[int], seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - invented text, not secrets
        self.slots: Mapping[str, list[str]] = tomllib.loads((HERE / "slots.toml").read_text(encoding="utf-8"))
        self.terms = terms()
        every = lines()
        self.by_category = {
            (category, kind): _of_folds(
                [line for line in every if (line.categories[0], line.kind) == (category, kind)], folds, at
            )
            for at, category in enumerate(Category)
            for kind in (*REPORT_TYPES, None)
        }
        self.clauses = {sort: _of_folds(found, folds) for sort, found in clauses().items()}

    def reports(self, count: int) -> Iterator[Labelled]:
        """So many labelled reports."""
        for _ in range(count):
            yield self._vague() if self.rng.random() < 0.09 else self._event()

    def listed(self, count: int) -> Iterator[Labelled]:
        """So many reports that hold little but words of the field: what a word speaks for, whatever stands around it."""
        for _ in range(count):
            yield self._listed()

    def _listed(self) -> Labelled:
        chance = self.rng.random
        if chance() < 0.06:
            return Labelled(self._written([self._term("vague"), self._term("vague")]), UNSAID, UNSAID, frozenset(), True)
        category = self.rng.choice(CATEGORIES)
        frame = self.rng.choice(self.terms["frames_category"])
        parts = [frame.replace("{a}", self._term(category)).replace("{b}", self._term(category))]
        kind = self.rng.choice((MISSING, MISSING, INCIDENT, INCIDENT, *range(1, len(REPORT_TYPES))))
        harm = MISSING
        if kind == INCIDENT:
            sort = self.rng.choice(list(HARM_CLAUSES))
            harm = HARMS.index(HARM_CLAUSES[sort])
            parts += [self._term(f"harm_{sort}"), self._term(f"harm_{sort}")]
        elif kind > INCIDENT:
            harm = NOT_APPLICABLE
            sort = "type_near" if REPORT_TYPES[kind] is ReportType.NEAR_MISS else "type_unsafe"
            parts += [self._term(sort), self._term(sort)]
        return Labelled(self._written(parts), kind, harm, frozenset((CATEGORIES.index(category),)))

    def _term(self, sort: str) -> str:
        return self.rng.choice(self.terms[sort])

    def filled(self, text: str) -> str:
        """The text with its choices made and its slots filled."""
        while match := CHOICE.search(text):
            text = text[: match.start()] + self.rng.choice(match[1].split("|")) + text[match.end() :]
        return SLOT.sub(lambda match: self.rng.choice(self.slots[match[1]]), text)

    def _clause(self, sort: str) -> str:
        return self.rng.choice(self.clauses[sort])

    def _vague(self) -> Labelled:
        sorts = self.rng.choice((("vague",), ("vague",), ("hedged",), ("hedged",), ("vague", "vague"), ("hedged", "vague")))
        return Labelled(self._written([self._clause(sort) for sort in sorts]), UNSAID, UNSAID, frozenset(), True)

    def _event(self) -> Labelled:
        kind = self.rng.choices((*REPORT_TYPES, None), KIND_WEIGHTS)[0]
        first = self._line(kind)
        parts, categories = [first.text], list(first.categories)
        harm = first.harm
        if kind is ReportType.INCIDENT and harm is None and self.rng.random() < 0.08:
            second = self._line(kind)
            parts.append(second.text)
            categories += second.categories
            harm = second.harm
        parts += self._again(first)
        kind, harm = self._ended(parts, kind, harm)
        return Labelled(
            self._written(parts),
            UNSAID if kind is None else REPORT_TYPES.index(kind),
            UNSAID if kind is None or harm is None else HARMS.index(harm),
            frozenset(CATEGORIES.index(category) for category in categories),
        )

    def _again(self, first: Line) -> list[str]:
        """Most reports say what they are about more than once."""
        chance = self.rng.random()
        said = (first.harm, first.categories)
        alike = [line for line in self.by_category[first.categories[0], first.kind] if (line.harm, line.categories) == said]
        if chance < 0.4 and first.kind is not None:
            return [self.rng.choice(alike).text]
        if chance < 0.75:
            return [", ".join(self._term(first.categories[0]) for _ in range(self.rng.choice((1, 1, 2))))]
        return []

    def _line(self, kind: ReportType | None) -> Line:
        """A line of this kind; a category that has none in these folds is passed over."""
        while not (found := self.by_category[self.rng.choice(list(Category)), kind]):
            pass
        return self.rng.choice(found)

    def _stopped(self) -> list[str]:
        """How a near miss ended: whoever stops an error says at times as well that nobody came to harm."""
        if self.rng.random() >= 0.6:
            return []
        unhurt = self.rng.random() < 0.25
        return [self._clause("type_near"), *([self._clause("harm_none")] if unhurt else [])]

    def _ended(self, parts: list[str], kind: ReportType | None, harm: Harm | None) -> tuple[ReportType | None, Harm | None]:
        """Adds what the line leaves open: whether it reached anybody, and what became of them."""
        if kind is None:
            kind = self.rng.choice((ReportType.NEAR_MISS, ReportType.INCIDENT, ReportType.INCIDENT, None))
            if kind is ReportType.NEAR_MISS:
                parts.append(self._clause("type_near"))
            elif kind is ReportType.INCIDENT:
                parts.append(self._clause("type_incident"))
        elif kind is ReportType.NEAR_MISS:
            parts += self._stopped()
        elif kind is ReportType.UNSAFE_CONDITION and self.rng.random() < 0.5:
            parts.append(self._clause("type_unsafe"))
        elif kind is ReportType.INCIDENT and self.rng.random() < 0.2:
            parts.append(self._clause("type_incident"))
        if kind is not ReportType.INCIDENT:
            return kind, None if kind is None else Harm.NOT_APPLICABLE
        if harm is None and self.rng.random() < 0.8:
            sort = self.rng.choices(list(HARM_CLAUSES), HARM_WEIGHTS)[0]
            harm = HARM_CLAUSES[sort]
            parts += [self._clause(f"harm_{sort}") for _ in range(self.rng.choice((1, 2, 2)))]
        elif harm is not None and self.rng.random() < 0.5:
            parts.append(self._clause(f"harm_{harm}"))
        return kind, harm

    def _written(self, parts: list[str]) -> str:
        """The parts with history before, follow-up behind, and the noise of a busy shift."""
        chance = self.rng.random
        if chance() < 0.25:
            parts = [self._clause("history"), *parts]
        if chance() < 0.08:
            parts = [*parts[:1], self._clause("history"), *parts[1:]]
        while chance() < 0.35:
            parts = [*parts, self._clause("followup")]
        filled = [self.filled(part) for part in parts]
        if chance() < 0.2:
            filled[0] = f"{self.filled(self._clause('context'))} {filled[0][0].lower()}{filled[0][1:]}"
        return roughened(filled, self.rng)
