"""The records of counting: what an event contributes, what a cell holds, what a pattern in the cells means."""

from typing import Annotated

from schemas.protection import plain, provider
from schemas.records.values import Count, Id, Member, Month, Offset, Record, Revision, Short
from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting

READING = "disproportionate reporting; look, do not conclude"
"""What every signal means, and all that it means."""


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
    members_version: Annotated[Count, plain("Version of the rules that made the members. 0: before there were any.")] = 0
    members: Annotated[tuple[Member, ...], plain("What else it is counted by: `state/OR`, `device/infusion_pump`.")] = ()


class CellCount(Record, frozen=True):
    """How many events of one contributor a cell holds, by one source partition: absolute and versioned (grade P0)."""

    cell: Cell
    contributor: Annotated[Id, provider("PSO-assigned id of the provider.")]
    partition: Annotated[Count, plain("Partition of pso-contributions that was folded. Readers sum over partitions.")]
    count: Annotated[Count, plain("Events now. Zero is said, not left out.")]
    version: Annotated[Offset, plain("Offset of the last contribution folded. The highest wins.")]


class Signal(Record, frozen=True):
    """A pattern in pooled counts that somebody should look at; it names no provider, yet stays P0 until released.

    Where fewer providers are left than the method's minimum the signal is taken back and counts nothing.
    """

    method: Annotated[Short, plain("Name and version of the method.")]
    category: Annotated[Category, plain("Event category.")]
    harm: Annotated[Harm, plain("Residual harm.")]
    month: Annotated[Month, plain("Month of the events; `unknown` where all months since watching began count.")]
    events: Annotated[Count, plain("Events in the pattern.")]
    contributors: Annotated[Count, plain("Providers who reported them.")]
    raised: Annotated[bool, plain("The rule holds now; false takes an earlier signal back.")]
    partition: Annotated[Count, plain("Partition of pso-counts-changed that was folded.")]
    version: Annotated[Offset, plain("Offset of the last count folded. The highest wins.")]
    setting: Annotated[Setting | None, plain("Where care was given, for methods that look at one place of care.")] = None
    pattern_events: Annotated[Count | None, plain("Events of this category and harm in every setting.")] = None
    expected: Annotated[float | None, plain("Events expected in this setting by the pinned shares.")] = None
    stratum: Annotated[Short | None, plain("What the expectation is summed over, stratum by stratum.")] = None
    score: Annotated[float | None, plain("What the method compares: EB05, IC025 or a log likelihood ratio.")] = None
    threshold: Annotated[float | None, plain("From which score on it is raised.")] = None
    look: Annotated[Count | None, plain("Number of this look: one for each month with such events since watching began.")] = (
        None
    )
    alpha_spent: Annotated[float | None, plain("Probability of a false signal up to this look, of a sequential test.")] = None
    parameters: Annotated[Short | None, plain("Digest of the pinned parameters file.")] = None
    reading: Annotated[Short, plain("What it means, and all that it means.")] = READING
