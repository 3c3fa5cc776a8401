"""What the provider's side counts. Labels are states and outcomes: the fact of reporting is itself protected."""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from producers.outbox import Outbox, State
from producers.progress import Progress

OUTCOMES = ("delivered", "refused", "failed")


class Metrics:
    """The metrics of one process, in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._events = Gauge("pso_outbox_events", "Events in the outbox, by state.", ["state"], registry=registry)
        self._oldest = Gauge(
            "pso_outbox_oldest_seconds", "Age of the oldest event that waits to be sent; 0 when none.", registry=registry
        )
        self._produced = Counter(
            "pso_produced_events_total", "Events handed to the broker, by outcome.", ["outcome"], registry=registry
        )
        for outcome in OUTCOMES:
            self._produced.labels(outcome)

    def produced(self, progress: Progress) -> None:
        """Counts the delivery reports of one run."""
        self._produced.labels("delivered").inc(progress.delivered)
        self._produced.labels("refused").inc(progress.refused)
        self._produced.labels("failed").inc(progress.failed)

    def observe(self, outbox: Outbox, now: datetime) -> None:
        """Takes the outbox's figures as they are now."""
        self.observe_together([outbox], now)

    def observe_together(self, outboxes: Sequence[Outbox], now: datetime) -> None:
        """The figures of several outboxes as those of one: no label may tell them apart."""
        counts = [outbox.counts() for outbox in outboxes]
        for state in State:
            self._events.labels(str(state)).set(sum(one[state] for one in counts))
        waiting = [oldest for outbox in outboxes if (oldest := outbox.oldest_waiting())]
        self._oldest.set((now - min(waiting)).total_seconds() if waiting else 0.0)
