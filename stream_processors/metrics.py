"""Every metric of the PSO's processes, one line each. No label ever names a provider, an event or an entry topic:
the fact of reporting is itself protected (42 CFR 3.20, patient safety work product (ii))."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LATENCY = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
WORK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)


class Metrics:
    """The metrics of one process, in the registry that is passed in."""

    def __init__(self, registry: CollectorRegistry, software: str) -> None:
        self.registry = registry
        self.records = Counter(
            "pso_records_total",
            "Records by step and outcome (read, written, dead).",
            ["step", "outcome"],
            registry=registry,
        )
        self.dead_letters = Counter(
            "pso_dead_letters_total", "Records that became dead letters.", ["step", "reason"], registry=registry
        )
        self.chunk_records = Histogram(
            "pso_chunk_records", "Records a step took at once.", ["step"], buckets=SIZES, registry=registry
        )
        self.step_seconds = Histogram(
            "pso_step_seconds", "Time of a step's own work on one chunk.", ["step"], buckets=WORK, registry=registry
        )
        self.delivery_seconds = Histogram(
            "pso_delivery_seconds",
            "Time until a chunk's outputs were acknowledged.",
            ["step"],
            buckets=WORK,
            registry=registry,
        )
        self.accept_age = Histogram(
            "pso_accept_age_seconds",
            "Age since acceptance when a record is done.",
            ["step"],
            buckets=LATENCY,
            registry=registry,
        )
        self.newest_event = Gauge(
            "pso_newest_event_timestamp_seconds", "Newest event date that a sink wrote.", ["sink"], registry=registry
        )
        self.lag = Gauge(
            "pso_step_lag_records", "Records that wait before a step, on this worker.", ["step"], registry=registry
        )
        self.stalled_seconds = Gauge(
            "pso_step_stalled_seconds", "For how long work waits and nothing moves.", ["step"], registry=registry
        )
        self.sink_rows = Counter("pso_sink_rows_total", "Rows by sink and outcome.", ["sink", "outcome"], registry=registry)
        self.sink_commit_seconds = Histogram(
            "pso_sink_commit_seconds",
            "Time of one transaction, rows and offsets.",
            ["sink"],
            buckets=WORK,
            registry=registry,
        )
        self.sink_paused = Gauge("pso_sink_paused", "1 while a sink waits for PostgreSQL.", ["sink"], registry=registry)
        self.reconciliation_missing = Gauge(
            "pso_reconciliation_missing", "Accepted events that have no end. Must be 0.", registry=registry
        )
        self.reconciliation_extra = Gauge(
            "pso_reconciliation_extra", "Rows that nobody submitted. Must be 0.", registry=registry
        )
        self.aggregate_mismatch_cells = Gauge(
            "pso_aggregate_mismatch_cells",
            "Cells whose live count is not its recomputation. Must be 0.",
            registry=registry,
        )
        self.reconciled_at = Gauge(
            "pso_reconciliation_timestamp_seconds", "When the last reconciliation ended.", registry=registry
        )
        self.ready = Gauge("pso_ready", "1 while /readyz answers 200.", registry=registry)
        build = Gauge("pso_build_info", "Version of this software.", ["version"], registry=registry)
        build.labels(version=software).set(1)
