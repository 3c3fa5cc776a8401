"""What a PSO releases, written as data (TOML): tables, rhythm, policy, and by which paragraph they may leave."""

import tomllib
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.publication.count_tables import TOTAL, Place
from stream_processors.domain.publication.periods import Rhythm
from stream_processors.domain.publication.policy import Attacker, Dominance, Policy, Zeros

LABELS = {
    "category": tuple(map(str, Category)),
    "harm": tuple(map(str, Harm)),
    "report_type": tuple(map(str, ReportType)),
    "provider_type": tuple(map(str, ProviderType)),
    "setting": tuple(map(str, Setting)),
}
"""The axes that a table may have, and their labels: all of them, so that no table tells by its shape what was reported."""

BY_STATISTICS = "42 CFR 3.206(b)(5), 3.212(a)(1)"
Text = Annotated[str, Meta(min_length=1, max_length=400)]
TableId = Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

Key = tuple[tuple[str, str], ...]
"""What a cell counts: (axis, label) for each axis that is no total, sorted. Two tables share a cell where this is equal."""


class InvalidPlan(Faulty):
    """The file cannot be used."""


class Layout(msgspec.Struct, frozen=True):
    """A table: an id and two or three axes, for its rows, its columns and its layers."""

    id: TableId
    axes: Annotated[tuple[str, ...], Meta(min_length=2, max_length=3)]

    def places(self) -> Iterator[Place]:
        """Every cell of the table, totals last on each axis."""
        rows, columns, *layers = [(*LABELS[axis], TOTAL) for axis in self.axes]
        for row in rows:
            for column in columns:
                for layer in layers[0] if layers else ("",):
                    yield row, column, layer

    def key(self, place: Place) -> Key:
        """What the cell at this place counts."""
        return tuple(sorted((a, label) for a, label in zip(self.axes, place, strict=False) if label != TOTAL))


class ReleasePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One series of releases. `days_after`: how long after a period its counts may leave; late reports have come by then.

    42 CFR 3.212(a)(1) wants a person with knowledge of statistics who determines that the risk is very small and documents
    how: `determined_by` and `determination` say who, and where that is written.
    """

    rhythm: Rhythm
    permitted_by: Text
    table: Annotated[tuple[Layout, ...], Meta(min_length=1, max_length=12)]
    determined_by: str = ""
    determination: str = ""
    days_after: Annotated[int, Meta(ge=0, le=3650)] = 90
    threshold: Annotated[int, Meta(ge=1, le=1000)] = 10
    protection: Annotated[int, Meta(ge=1, le=1000)] = 5
    zeros: Zeros = Zeros.SHOWN
    attacker: Attacker = Attacker.INFORMED
    contributors: Annotated[int, Meta(ge=1, le=1000)] = 3
    dominance_n: Annotated[int, Meta(ge=1, le=10)] = 1
    dominance_k: Annotated[float, Meta(gt=0, le=100)] | None = None
    dominance_p: Annotated[float, Meta(gt=0, le=100)] | None = None

    @property
    def policy(self) -> Policy:
        """The rule by which cells are hidden."""
        return Policy(
            threshold=self.threshold,
            protection=self.protection,
            zeros=self.zeros,
            attacker=self.attacker,
            contributors=self.contributors,
            dominance=Dominance(self.dominance_n, self.dominance_k, self.dominance_p),
        )


def parse_plan(text: str) -> ReleasePlan:
    """The plan of a TOML text. Raises InvalidPlan with what is wrong."""
    try:
        plan = msgspec.convert(tomllib.loads(text), ReleasePlan)
    except tomllib.TOMLDecodeError as error:
        raise InvalidPlan([Fault("file", f"is no TOML: {error}")]) from None
    except msgspec.ValidationError as error:
        raise InvalidPlan([Fault("file", str(error))]) from None
    if faults := list(_faults(plan)):
        raise InvalidPlan(faults)
    return plan


def _faults(plan: ReleasePlan) -> Iterator[Fault]:
    if plan.permitted_by == BY_STATISTICS and not (plan.determined_by and plan.determination):
        yield Fault("determined_by, determination", "42 CFR 3.212(a)(1) needs who determined it, and where that is written")
    yield from _repeated([layout.id for layout in plan.table])
    for layout in plan.table:
        if strange := [axis for axis in layout.axes if axis not in LABELS]:
            yield Fault(f"table {layout.id}", f"has the unknown axis {strange[0]}: there are {', '.join(LABELS)}")
        if len(set(layout.axes)) < len(layout.axes):
            yield Fault(f"table {layout.id}", "names an axis twice")


def _repeated(ids: Sequence[Any]) -> Iterator[Fault]:
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Fault(f"table {name}", "is there twice")
