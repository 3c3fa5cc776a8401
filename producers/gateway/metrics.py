"""What the gateway counts. Labels are routes, statuses and outcomes: who reports is itself protected."""

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from producers.gateway.answers import Accepted

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


class GatewayMetrics:
    """The metrics of one gateway, in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "pso_gateway_requests_total", "Requests answered, by route and status.", ["route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "pso_gateway_request_seconds", "Until the answer was given.", ["route"], registry=registry, buckets=_BUCKETS
        )
        self._events = Counter(
            "pso_gateway_events_total", "Events sent to the gateway, by outcome.", ["outcome"], registry=registry
        )
        self._free = Gauge("pso_gateway_disk_free_bytes", "Free space on the disk of the outboxes.", registry=registry)
        for outcome in ("captured", "known", "refused"):
            self._events.labels(outcome)

    def requested(self, route: str, status: int, seconds: float) -> None:
        """Counts one request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, body: bytes, *, before: bool) -> None:
        """Counts the events of an answer 202, once however often it is given."""
        if not before:
            told = msgspec.json.decode(body, type=Accepted)
            self._events.labels("captured").inc(told.captured)
            self._events.labels("known").inc(told.known)
            self._events.labels("refused").inc(told.refused)

    def free(self, octets: int) -> None:
        """Takes the free space as it is now."""
        self._free.set(octets)
