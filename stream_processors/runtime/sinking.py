"""A sink process: one loop per table, health, watch, and a graceful end on SIGTERM."""

import signal
import threading
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from schemas.codec import Codec
from stream_processors.metrics import Metrics
from stream_processors.runtime.dead_letters import SOFTWARE
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.health import HealthServer, nothing_wrong
from stream_processors.runtime.lag import LagReader
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.sink_consumer import BatchLimits
from stream_processors.runtime.sink_loop import SinkLoop, SinkWorld, run_all
from stream_processors.runtime.sink_observer import SinkObserver
from stream_processors.runtime.watch import Watch
from stream_processors.runtime.wire import Wire
from stream_processors.settings import Settings
from stream_processors.shapes import Sink


def sink_all(settings: Settings, sinks: Sequence[Sink], wire: Wire, codec: Codec) -> None:
    """Run these sinks until SIGTERM or SIGINT. Raises what ends one of them."""
    metrics = Metrics(CollectorRegistry(), SOFTWARE)
    delivery = Delivery(settings.connection, client_id=f"{wire.namespace}pso-sink")
    world = SinkWorld(settings.connection, wire, codec, delivery, settings.text("PSO_DATABASE_URL"), settings.database_password)
    loops = [_loop(sink, world, metrics, settings) for sink in sinks]
    watch = Watch(
        groups={loop.name: loop.group for loop in loops},
        flows=lambda: {loop.group: loop for loop in loops},
        lag=LagReader(settings.connection),
        waiting={loop.name: loop.waiting for loop in loops},
        metrics=metrics,
        stall_seconds=settings.real("PSO_STALL_SECONDS"),
    )
    health = HealthServer(
        settings.text("PSO_HEALTH_HOST"),
        settings.whole("PSO_HEALTH_PORT"),
        metrics.registry,
        live=nothing_wrong,
        ready=watch.ready,
    )
    watch.start()
    try:
        run_all(loops, _stop_on_signal())
    finally:
        watch.close()
        health.close()
        delivery.close()


def _loop(sink: Sink, world: SinkWorld, metrics: Metrics, settings: Settings) -> SinkLoop:
    limit = UnexpectedLimit(settings.whole("PSO_UNEXPECTED_CONSECUTIVE"), settings.real("PSO_UNEXPECTED_RATIO"))
    session = settings.real("PSO_SESSION_TIMEOUT_SECONDS")
    batch = BatchLimits(records=settings.whole("PSO_SINK_BATCH"), session_timeout=session)
    return SinkLoop(sink, world, SinkObserver(metrics, sink.name), limit, batch)


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
