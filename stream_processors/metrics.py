"""Every metric of the PSO's processes, one entry each. No label ever names a provider, an event or an entry topic:
the fact of reporting is itself protected (42 CFR 3.20, patient safety work product (ii))."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LATENCY = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
WORK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
ENGINE_LABELS = ("engine", "code", "lexicon", "model", "policy")
SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)


class _Registered:
    """Metrics in the registry that is passed in."""

    def __init__(self, registry: CollectorRegistry, software: str) -> None:
        self.registry = registry
        self.ready = self._gauge("pso_ready", "1 while /readyz answers 200.")
        self._gauge("pso_build_info", "Version of this software.", "version").labels(version=software).set(1)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, buckets=buckets, registry=self.registry)


class Metrics(_Registered):
    """The metrics of a worker or a sink process."""

    def __init__(self, registry: CollectorRegistry, software: str) -> None:
        super().__init__(registry, software)
        self._steps()
        self._watch()
        self._sinks()

    def _steps(self) -> None:
        self.records = self._counter("pso_records_total", "Records by outcome: read, written, dead.", "step", "outcome")
        self.dead_letters = self._counter("pso_dead_letters_total", "Records that became dead letters.", "step", "reason")
        self.chunk_records = self._histogram("pso_chunk_records", "Records a step took at once.", SIZES, "step")
        self.step_seconds = self._histogram("pso_step_seconds", "A step's own work on one chunk.", WORK, "step")
        self.delivery_seconds = self._histogram("pso_delivery_seconds", "Until outputs were acknowledged.", WORK, "step")
        self.engine = self._gauge(
            "pso_deidentification_info", "Version of the de-identification of this worker, as hashes.", *ENGINE_LABELS
        )
        self.accept_age = self._histogram("pso_accept_age_seconds", "Age since acceptance when done.", LATENCY, "step")

    def _watch(self) -> None:
        self.lag = self._gauge("pso_step_lag_records", "Records that wait before a step, on this process.", "step")
        self.stalled_seconds = self._gauge("pso_step_stalled_seconds", "Work waits and nothing moves, since.", "step")

    def _sinks(self) -> None:
        self.sink_rows = self._counter("pso_sink_rows_total", "Rows by outcome: written, known, dead.", "sink", "outcome")
        self.sink_commit_seconds = self._histogram("pso_sink_commit_seconds", "One transaction.", WORK, "sink")
        self.sink_paused = self._gauge("pso_sink_paused", "1 while a sink waits for PostgreSQL or Kafka.", "sink")
        self.newest_event = self._gauge("pso_newest_event_timestamp_seconds", "Newest event date that was written.", "sink")


class ReconciliationMetrics(_Registered):
    """What `pso reconcile --every` serves, and no other process: a gauge that nobody sets would say that all is well."""

    def __init__(self, registry: CollectorRegistry, software: str) -> None:
        super().__init__(registry, software)
        self.missing = self._gauge("pso_reconciliation_missing", "Accepted events without an end. 0.")
        self.extra = self._gauge("pso_reconciliation_extra", "Rows that nobody submitted. 0.")
        self.mismatched = self._gauge("pso_aggregate_mismatch_cells", "Cells that differ. 0.")
        self.at = self._gauge("pso_reconciliation_timestamp_seconds", "When the last reconciliation ended.")


class CanaryMetrics(_Registered):
    """What `pso canaries run` serves. Labels are grades and types of identifier."""

    def __init__(self, registry: CollectorRegistry, software: str) -> None:
        super().__init__(registry, software)
        of_type, of_grade = ("grade", "type"), ("grade",)
        self.recall = self._gauge("pso_canary_recall", "Planted identifiers of which nothing stayed, a share.", *of_type)
        self.floor = self._gauge("pso_canary_recall_floor", "The least recall that is no finding.", *of_type)
        self.false_removal = self._gauge("pso_canary_false_removal", "Clinical terms that were touched, a share.", *of_grade)
        self.quarantined = self._gauge("pso_canary_quarantined", "Canaries that were withheld.", *of_grade)
        self.lost = self._gauge("pso_canary_lost", "Canaries that never came out in time. 0.", *of_grade)
        self.published = self._gauge("pso_canary_published", "Canaries of the last round.")
        self.seconds = self._gauge("pso_canary_end_to_end_seconds", "From publishing to the last end of the round.")
        self.at = self._gauge("pso_canary_timestamp_seconds", "When the last round was judged.")


class QualityMetrics(_Registered):
    """What `pso quality --every` serves: how a measure lies across providers, and nothing of any of them."""

    def __init__(self, registry: CollectorRegistry, software: str) -> None:
        super().__init__(registry, software)
        self.median = self._gauge("pso_quality_median", "The provider in the middle: a share, days or seconds.", "measure")
        self.worst_decile = self._gauge("pso_quality_worst_decile", "One tenth of providers are as bad or worse.", "measure")
        self.at = self._gauge("pso_quality_timestamp_seconds", "When quality was last measured.")
