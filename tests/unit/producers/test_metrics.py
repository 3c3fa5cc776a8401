"""The provider's metrics: states and outcomes, and nothing that names anybody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from producers.encoding import bundled_encoder
from producers.metrics import Metrics
from producers.outbox import Outbox, Receipt
from producers.progress import Progress
from tests.support.builders import safety_event

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_the_outbox_is_shown_by_state_and_age(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    with Outbox(tmp_path / "outbox.sqlite", lambda: NOON) as outbox:
        outbox.capture([safety_event(event_id=f"evt-{number}") for number in range(3)], bundled_encoder())
        outbox.settle([Receipt(1, "topic", 0, 7, 0)], [])
        metrics.observe(outbox, NOON + timedelta(seconds=90))
    metrics.produced(Progress(delivered=1, failed=2))
    assert registry.get_sample_value("pso_outbox_events", {"state": "captured"}) == 2
    assert registry.get_sample_value("pso_outbox_events", {"state": "sent"}) == 1
    assert registry.get_sample_value("pso_outbox_oldest_seconds") == 90
    assert registry.get_sample_value("pso_produced_events_total", {"outcome": "delivered"}) == 1
    assert registry.get_sample_value("pso_produced_events_total", {"outcome": "failed"}) == 2


def test_every_state_and_outcome_is_there_before_anything_happens() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    shown = generate_latest(registry).decode()
    assert all(f'outcome="{outcome}"' in shown for outcome in ("delivered", "refused", "failed"))
