"""A release: what may be published of a period now, and its manifest. It is made once and never changed."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from schemas.records.published import CAUTION
from schemas.spreadsheet import neutral
from stream_processors.domain.publication.count_tables import Place
from stream_processors.domain.publication.differencing import Revised, Tables, linked_release
from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.optimiser import Left
from stream_processors.domain.publication.periods import Period
from stream_processors.domain.publication.pooled_counts import PooledCount, shares, within
from stream_processors.domain.publication.release_plan import BY_STATISTICS, Key, Layout, ReleasePlan
from stream_processors.domain.publication.suppression import protect


class TableManifest(msgspec.Struct, frozen=True):
    """What is said of one table: its axes, how many cells are hidden, and the SHA-256 of its published rows."""

    id: str
    axes: tuple[str, ...]
    cells: int
    hidden: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What is published with a release. No digest of what went in: whoever guesses hidden counts could confirm them by it."""

    release_id: str
    period: str
    first_month: str
    last_month: str
    revision: int
    revises: str | None
    plan: ReleasePlan
    tables: tuple[TableManifest, ...]
    smallest_interval: int | None
    counts: str = CAUTION


@dataclass(frozen=True, slots=True)
class Released:
    """What anybody may see of a release that was made: its manifest, and its cells."""

    manifest: Manifest
    published: Mapping[tuple[str, Place], int | None]

    @property
    def period(self) -> Period:
        """Its period."""
        return Period(self.manifest.first_month, self.manifest.last_month, self.manifest.period)

    def is_whole(self) -> bool:
        """Whether its rows are still those of its manifest."""
        return all(
            told == _told(layout, {(layout.id, place): self.published.get((layout.id, place)) for place in layout.places()})
            for layout, told in zip(self.manifest.plan.table, self.manifest.tables, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Earlier(Released):
    """A release that was made, with the counts that it was made from."""

    counts: Sequence[PooledCount]

    def revised(self) -> Revised:
        """As what a new release of its period revises."""
        shown: dict[Key, int | None] = {}
        for layout in self.manifest.plan.table:
            shown |= {layout.key(place): self.published.get((layout.id, place)) for place in layout.places()}
        return Revised(shares(self.counts, self.manifest.plan.table), shown)


@dataclass(frozen=True, slots=True)
class Release:
    """What may leave, its manifest, and the counts of its period, which stay."""

    manifest: Manifest
    published: Mapping[tuple[str, Place], int | None]
    counts: Sequence[PooledCount]
    proven: bool


def made(plan: ReleasePlan, period: Period, counts: Iterable[PooledCount], earlier: Sequence[Earlier], left: Left) -> Release:
    """The release of a period from the counts of now, guarded against all that was released before.

    Raises NotReleasable where nothing that could be hidden protects every cell and every difference.
    """
    own = within(counts, period)
    before = [release for release in earlier if release.period == period]
    name = f"{period.name}.r{1 + len(before)}"
    new = Tables(plan.table, shares(own, plan.table))
    cells = linked_release(new, [release.revised() for release in before], plan.policy)
    found = protect(cells, left)
    if found is None:
        raise NotReleasable(
            "no choice of hidden cells protects this release and its differences from those before: make it coarser"
        )
    choice, checked = found
    keys = new.cells()
    shown: dict[Key, int | None] = {
        k: None if cut else new.count(k) for k, cut in zip(keys, choice.hidden[: len(keys)] > 0, strict=True)
    }
    published = {(layout.id, place): shown[layout.key(place)] for layout in plan.table for place in layout.places()}
    manifest = Manifest(
        release_id=name,
        period=period.name,
        first_month=period.first,
        last_month=period.last,
        revision=1 + len(before),
        revises=before[-1].manifest.release_id if before else None,
        plan=plan,
        tables=tuple(_told(layout, published) for layout in plan.table),
        smallest_interval=checked.smallest(choice.hidden > 0),
    )
    return Release(manifest, published, own, choice.is_proven(cells))


def refuse_untimely(plan: ReleasePlan, period: Period, today: date, earlier: Sequence[Earlier], revise: bool) -> None:
    """Raises NotReleasable where the calendar or the releases before do not allow this period today."""
    if period.rhythm is not plan.rhythm:
        raise NotReleasable(f"{period.name} is no period of a {plan.rhythm} plan")
    due = period.due(plan.days_after)
    if today < due:
        raise NotReleasable(f"{period.name} may be released from {due} on, {plan.days_after} days after its end")
    done = [release.manifest.release_id for release in earlier if release.period == period]
    if done and not revise:
        raise NotReleasable(f"{period.name} was released as {done[-1]}: say --revise to make a numbered revision")
    if overlapping := [r.manifest.release_id for r in earlier if r.period != period and r.period.overlaps(period)]:
        raise NotReleasable(f"{period.name} overlaps with {overlapping[0]}, which could be subtracted: keep to one rhythm")
    if torn := [release.manifest.release_id for release in earlier if not release.is_whole()]:
        raise NotReleasable(f"the rows of {torn[0]} are not those of its manifest: nothing can be guarded against it")
    if revise and not done:
        raise NotReleasable(f"{period.name} was never released: there is nothing to revise")


def refuse_undetermined(plan: ReleasePlan) -> None:
    """Raises NotReleasable where nobody has determined the risk: of dates, removal leaves the year alone.

    A month or a quarter is an element of a date (42 CFR 3.212(a)(2)(i)(C), 45 CFR 164.514(b)(2)(i)(C)), and a release has one.
    """
    if plan.permitted_by != BY_STATISTICS:
        raise NotReleasable(
            f"a {plan.rhythm} count tells more of a date than the year, which is all that removal leaves "
            "(42 CFR 3.212(a)(2)(i)(C)): it leaves by a determination (3.212(a)(1)) or not at all"
        )


def refuse_weaker(plan: ReleasePlan, threshold: int, contributors: int) -> None:
    """Raises NotReleasable where a contract asks for more suppression than the plan has: it may (42 CFR 3.206(e))."""
    if plan.threshold < threshold:
        raise NotReleasable(f"a contract hides counts to {threshold}, this plan to {plan.threshold} (42 CFR 3.206(e))")
    if plan.contributors < contributors:
        asked = f"a contract hides counts of fewer than {contributors} providers"
        raise NotReleasable(f"{asked}, this plan of fewer than {plan.contributors} (42 CFR 3.206(e))")


Change = tuple[str, str, str, str, int | None, int | None]
"""Table, row, column, layer, published before, published now."""


def changes(before: Earlier, now: Release) -> Iterator[Change]:
    """Every cell of both releases that is published otherwise now."""
    for (table, place), shown in now.published.items():
        if (table, place) in before.published and before.published[table, place] != shown:
            yield table, *place, before.published[table, place], shown


def _told(layout: Layout, published: Mapping[tuple[str, Place], int | None]) -> TableManifest:
    rows = [(place, published[layout.id, place]) for place in layout.places()]
    return TableManifest(layout.id, layout.axes, len(rows), sum(c is None for _, c in rows), digest(layout.id, rows))


def digest(table_id: str, rows: Iterable[tuple[Place, int | None]]) -> str:
    """SHA-256 of the rows as `pso publish suppress` writes them, without the head."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerows((*map(neutral, (table_id, *place)), "" if count is None else count) for place, count in rows)
    return hashlib.sha256(text.getvalue().encode()).hexdigest()
