"""Quality across providers as gauges: no label of a provider, and no old figure where too few have the measure."""

import re
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest

from stream_processors.cli.quality import gauge
from stream_processors.domain.quality.delays import Stored
from stream_processors.domain.quality.providers import Quality, measured
from stream_processors.metrics import QualityMetrics
from tests.support.builders import safety_event

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def providers(count: int) -> list[Quality]:
    events = [Stored(safety_event(event_id="one"), NOW, NOW)]
    return [quality for number in range(count) for quality in measured(f"prv-{number}", events, {})]


def page(*runs: list[Quality]) -> str:
    metrics = QualityMetrics(CollectorRegistry(), "test")
    for one in runs:
        gauge(metrics, one)
    return generate_latest(metrics.registry).decode()


def test_the_only_label_is_the_measure() -> None:
    shown = page(providers(10))
    assert 'pso_quality_median{measure="event_to_report_days"} 1.0' in shown
    assert 'pso_quality_worst_decile{measure="repeated"} 0.0' in shown
    assert set(re.findall(r'(\w+)="', shown)) == {"measure", "version"}
    assert "prv-" not in shown


def test_with_fewer_providers_than_ten_there_is_no_figure_and_none_is_left_behind() -> None:
    shown = page(providers(10), providers(9))
    assert "pso_quality_median{" not in shown
    assert "pso_quality_worst_decile{" not in shown
    assert re.search(r"^pso_quality_timestamp_seconds \d", shown, re.MULTILINE)
