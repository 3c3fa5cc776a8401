"""Plans and pooled counts for tests of releases. Contributors are invented."""

import numpy as np

from stream_processors.domain.publication.periods import Period
from stream_processors.domain.publication.pooled_counts import PooledCount
from stream_processors.domain.publication.release import Earlier, Release
from stream_processors.domain.publication.release_plan import LABELS, ReleasePlan, parse_plan

QUARTER = Period("2025-01", "2025-03", "2025-Q1")

PLAN = """
rhythm = "quarterly"
permitted_by = "42 CFR 3.206(b)(5), 3.212(a)(1)"
determined_by = "staff 17"
determination = "D-2025-3"
days_after = 30

[[table]]
id = "type-by-provider"
axes = ["report_type", "provider_type"]

[[table]]
id = "type-by-harm"
axes = ["report_type", "harm"]
"""


def plan(text: str = PLAN) -> ReleasePlan:
    """The plan of the tests."""
    return parse_plan(text)


def pooled(events: int, seed: int = 1, contributors: int = 8) -> list[PooledCount]:
    """Counts of the first quarter of 2025, by cell and contributor."""
    rng, counts = np.random.default_rng(seed), dict[tuple[str, str], int]()
    chances = {axis: rng.dirichlet(np.ones(len(LABELS[axis]))) for axis in ("harm", "report_type", "provider_type")}
    for _ in range(events):
        harm, kind, provider = (rng.choice(LABELS[axis], p=chances[axis]) for axis in chances)
        cell = f"fall/{harm}/{kind}/2025-0{rng.integers(1, 4)}/{provider}/inpatient_unit"
        key = (cell, f"prv-{rng.integers(contributors)}")
        counts[key] = counts.get(key, 0) + 1
    return [PooledCount(cell, who, count) for (cell, who), count in sorted(counts.items())]


def earlier(release: Release) -> Earlier:
    """A release as the warehouse gives it back."""
    return Earlier(release.manifest, release.published, release.counts)
