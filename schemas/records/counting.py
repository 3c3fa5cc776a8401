"""The records of counting: what an event contributes, what a cell holds, what a pattern in the cells means."""

from typing import Annotated

from schemas.protection import plain, provider
from schemas.records.values import Count, Id, Month, Offset, Record, Revision, Short
from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting


class Cell(Record, frozen=True, order=True):
    """One cell of the aggregate table."""

    category: Annotated[Category, plain("Event category.")]
    harm: Annotated[Harm, plain("Residual harm.")]
    report_type: Annotated[ReportType, plain("Report type.")]
    month: Annotated[Month, plain("Month of the event, or `unknown`.")]
    provider_type: Annotated[ProviderType, plain("Kind of provider.")]
    setting: Annotated[Setting, plain("Where care was given.")]

    @property
    def key(self) -> str:
        """The cell as one string, its place in Kafka keys and in the warehouse."""
        return f"{self.category}/{self.harm}/{self.report_type}/{self.month}/{self.provider_type}/{self.setting}"


class Contribution(Record, frozen=True):
    """The cells in which one revision of an event counts (grade P0). A withdrawal counts in none."""

    provider: Annotated[Id, provider("PSO-assigned id of the provider: the contributor.")]
    event_id: Annotated[Id, provider("The provider's id of the event.")]
    revision: Annotated[Revision, plain("Revision; the highest counts, and it alone.")]
    policy_version: Annotated[Count, plain("Version of the arrangement; decides between equal revisions.")]
    withdrawn: Annotated[bool, plain("This revision takes the event out of every count.")]
    cells: Annotated[tuple[Cell, ...], plain("The cells, one per category.")] = ()


class CellCount(Record, frozen=True):
    """How many events of one contributor a cell holds, by one source partition: absolute and versioned (grade P0)."""

    cell: Cell
    contributor: Annotated[Id, provider("PSO-assigned id of the provider.")]
    partition: Annotated[Count, plain("Partition of pso-contributions that was folded. Readers sum over partitions.")]
    count: Annotated[Count, plain("Events now. Zero is said, not left out.")]
    version: Annotated[Offset, plain("Offset of the last contribution folded. The highest wins.")]


class Signal(Record, frozen=True):
    """A pattern in pooled counts that somebody should look at; it names no provider, yet stays P0 until released."""

    method: Annotated[Short, plain("Name and version of the method.")]
    category: Annotated[Category, plain("Event category.")]
    harm: Annotated[Harm, plain("Residual harm.")]
    month: Annotated[Month, plain("Month of the events.")]
    events: Annotated[Count, plain("Events in the pattern.")]
    contributors: Annotated[Count, plain("Providers who reported them.")]
    raised: Annotated[bool, plain("The rule holds now; false takes an earlier signal back.")]
    partition: Annotated[Count, plain("Partition of pso-counts-changed that was folded.")]
    version: Annotated[Offset, plain("Offset of the last count folded. The highest wins.")]
