"""A mapping as data: which column fills which field, by what rule. At work in mapping_plan.py."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from producers.mapping_tree import EACH, Place, Step
from producers.mapping_values import Convert, Value
from producers.readers.outcome import Reason

Row = MappingOf[str, str]


class Combine(StrEnum):
    """What several rows of one event come to in a field that takes one value."""

    SAME = "same"  # they must agree
    FIRST = "first"
    JOIN = "join"
    PREFER = "prefer"  # the one that stands first in the rule's `prefer`


@dataclass(frozen=True, slots=True)
class Combining:
    """How a rule brings several values to one."""

    way: Combine = Combine.SAME
    separator: str = "; "
    prefer: tuple[Value, ...] = ()
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a cell is meant: behind the first `after`, then up to the first `before`."""

    after: str | None = None
    before: str | None = None

    def of(self, cell: str) -> str:
        """A cell without `after` has no such part; one without `before` is all part."""
        if self.after is not None:
            cell = cell.partition(self.after)[2]
        return cell.partition(self.before)[0] if self.before is not None else cell


@dataclass(frozen=True, slots=True)
class Rule:
    """One column -> one path."""

    to: str
    steps: tuple[Step, ...]
    column: str
    convert: Convert
    strict: Convert
    """`convert` without the mapping's `otherwise`."""
    split: str | None = None
    part: Part = Part()
    where: tuple[tuple[str, str], ...] = ()
    combining: Combining = Combining()
    keeps_original: bool = True
    way: str = "as written"
    """How the value comes about, in the words of the mapping file."""
    formats: tuple[str, ...] = ()
    """In which dates and times of the column are written."""
    lists_values: bool = False
    reads_no_value: bool = False
    """Whatever stands there becomes the mapping's `otherwise`."""
    each: bool = field(init=False, default=False)
    """Every value makes an entry of its own."""
    simple: bool = field(init=False, default=False)
    """The whole cell is one value with one place: what nearly every rule is, and read without the machinery of lists."""

    def __post_init__(self) -> None:
        each = any(step.position == EACH for step in self.steps)
        object.__setattr__(self, "each", each)
        object.__setattr__(self, "simple", not (each or self.split or self.where or self.part != Part()))

    def applies_to(self, row: Row) -> bool:
        """Whether this row answers the question that the rule is about."""
        return all(row[column].strip() == answer for column, answer in self.where)


@dataclass(frozen=True, slots=True)
class Preset:
    """A value that no column gives."""

    steps: tuple[Step, ...]
    value: object


@dataclass(frozen=True, slots=True)
class Mapping:
    """A provider's columns and pick-lists as data. Made by producers.mapping_file."""

    name: str
    version: int
    description: str
    rules: tuple[Rule, ...]
    constants: tuple[Preset, ...] = ()
    defaults: tuple[Preset, ...] = ()
    delimiter: str | None = None
    group_by: str | None = None
    external_id: str | None = None
    crosswalks: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name and version, and those of the crosswalks in it: the same file under another version may give other events."""
        return ", ".join((f"{self.name} v{self.version}", *self.crosswalks))

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a file must have."""
        keys = (self.group_by, self.external_id)
        asked = {column for rule in self.rules for column, _ in rule.where}
        return frozenset(rule.column for rule in self.rules) | asked | {key for key in keys if key is not None}

    def column_of(self, names: tuple[str, ...]) -> str | None:
        """The column that fills the field with these names."""
        return next((rule.column for rule in self.rules if tuple(step.name for step in rule.steps) == names), None)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why rows make no event: which of them, counted from 0, and at which column."""

    position: int
    column: str
    reason: Reason
    hint: str


@dataclass(slots=True)
class Mapped:
    """The canonical fields of an event as JSON types, or the problems that stand against it."""

    datum: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def cells_of(rule: Rule, rows: Sequence[Row]) -> list[tuple[Place, str]]:
    """What stands in the column, without empty cells and the blanks around."""
    cells: list[tuple[Place, str]] = []
    for number, row in enumerate(rows):
        if not rule.applies_to(row):
            continue
        parts = row[rule.column].split(rule.split) if rule.split else [row[rule.column]]
        cells.extend(((number, n), text) for n, cell in enumerate(parts) if (text := rule.part.of(cell).strip()))
    return cells
