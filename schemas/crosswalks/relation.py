"""A crosswalk is a relation: a value of another scale stands for a set of canonical codes, or for none that can be told.

Harm scales do not nest (kappa of raters on one scale is about 0.5), so no mapping here ever picks one code of several.
Who must have one code takes `the_one` and gets None where the scale does not say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

Code = TypeVar("Code", bound=StrEnum)


class CannotMap(Exception):
    """The crosswalk does not know the value, or says that it stands for no code. Names the crosswalk, never the value."""

    def __init__(self, crosswalk: str, reason: str) -> None:
        super().__init__(f"{crosswalk}: {reason}")
        self.crosswalk = crosswalk
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row(Generic[Code]):
    """One value of the other scale. `codes` empty: the scale says nothing that the canonical codes could say."""

    value: str
    label: str
    codes: frozenset[Code]
    also: tuple[str, ...] = ()
    """Other spellings of the value; compared without case and outer blanks, like the value."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Mapped(Generic[Code]):
    """The possible codes of a value, with what they were mapped from and by which version."""

    source: str
    """The value as the source wrote it."""
    crosswalk: str
    codes: frozenset[Code]

    @property
    def the_one(self) -> Code | None:
        """The code, where there is only one."""
        return next(iter(self.codes)) if len(self.codes) == 1 else None


@dataclass(frozen=True, slots=True)
class Crosswalk(Generic[Code]):
    """One other scale or list. `checked` says where its values were read; the pairing of rows is our judgement."""

    name: str
    version: int
    title: str
    values_from: str
    checked: bool
    pairing: str
    remark: str
    rows: tuple[Row[Code], ...]
    _by_spelling: Mapping[str, Row[Code]]

    @classmethod
    def of(cls, head: Mapping[str, str | int | bool], rows: Iterable[Row[Code]]) -> "Crosswalk[Code]":
        """A crosswalk from its head and rows. Raises ValueError where two rows claim one spelling."""
        found = tuple(rows)
        name = str(head["name"])
        by_spelling: dict[str, Row[Code]] = {}
        for row in found:
            for spelling in dict.fromkeys(_folded(one) for one in (row.value, *row.also)):
                if by_spelling.setdefault(spelling, row) is not row:
                    raise ValueError(f"crosswalk {name}: two rows claim {spelling!r}")
        return cls(
            name=name,
            version=int(head["version"]),
            title=str(head["title"]),
            values_from=str(head["values_from"]),
            checked=bool(head["checked"]),
            pairing=str(head["pairing"]),
            remark=str(head.get("remark", "")),
            rows=found,
            _by_spelling=MappingProxyType(by_spelling),
        )

    @property
    def identity(self) -> str:
        """Name and version, to be kept beside every mapped value."""
        return f"{self.name}/{self.version}"

    def row_of(self, source: str) -> Row[Code] | None:
        """The row of a value, whether it stands for codes or not; None where the scale has no such value."""
        return self._by_spelling.get(_folded(source))

    def codes_of(self, source: str) -> Mapped[Code]:
        """What a value of this scale can mean. Raises CannotMap."""
        row = self.row_of(source)
        if row is None:
            raise CannotMap(self.identity, "no such value on this scale")
        if not row.codes:
            raise CannotMap(self.identity, row.remark or "says nothing that a canonical code could say")
        return Mapped(source, self.identity, row.codes)

    def values_of(self, code: Code) -> frozenset[str]:
        """The values of this scale that can stand for a canonical code. Raises CannotMap where there is none."""
        found = frozenset(row.value for row in self.rows if code in row.codes)
        if not found:
            raise CannotMap(self.identity, "the scale has no value for this code")
        return found


def _folded(spelling: str) -> str:
    return " ".join(spelling.split()).casefold()
