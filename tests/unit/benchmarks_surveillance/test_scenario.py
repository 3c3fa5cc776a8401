"""The hidden clusters are what their page says, and every reference detector sees what was reported and nothing later."""

import numpy as np
import pytest

from stream_processors.domain.signals.cluster_evidence import Reports
from tests.benchmarks.surveillance.detectors import DETECTORS
from tests.benchmarks.surveillance.scenario import DAYS, HISTORY, SHAPES, series, volumes


@pytest.mark.parametrize("shape", SHAPES)
def test_clusters_lie_in_the_year_of_watching(shape: str) -> None:
    random = np.random.default_rng(1)
    size = volumes(random)
    for _ in range(50):
        one = series(random, size, shape)
        assert one.first is not None
        assert one.last is not None
        assert HISTORY + 30 <= one.first <= one.last < DAYS
        assert np.all(np.diff(one.reports.day) >= 0)
        assert np.all(one.reports.report_day >= one.reports.day)


@pytest.mark.parametrize("name", DETECTORS)
def test_a_reference_uses_only_what_was_reported_by_the_day(name: str) -> None:
    random = np.random.default_rng(2)
    size = volumes(random)
    reports, rates = series(random, size, "lots").reports, size / size.sum() * 0.1
    known = reports.report_day <= 500
    before = Reports(reports.day[known], reports.report_day[known], reports.provider[known])
    days, scores = DETECTORS[name](reports, rates, DAYS)
    same_days, same_scores = DETECTORS[name](before, rates, DAYS)
    assert days[days <= 500].tolist() == same_days.tolist()
    assert scores[days <= 500] == pytest.approx(same_scores)
