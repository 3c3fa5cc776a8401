"""A worker process: the engine with its agents, health, watch, and a graceful end on SIGTERM."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from schemas.codec import Codec
from stream_processors.domain.deidentification.version import EngineVersion
from stream_processors.metrics import Metrics
from stream_processors.runtime.app import Application, engine_settings
from stream_processors.runtime.dead_letters import SOFTWARE
from stream_processors.runtime.engine import Engine
from stream_processors.runtime.health import HealthServer
from stream_processors.runtime.lag import LagReader
from stream_processors.runtime.processor_agent import Vault
from stream_processors.runtime.watch import Watch
from stream_processors.runtime.wire import Wire
from stream_processors.settings import Settings
from stream_processors.shapes import Step

LOG = logging.getLogger("pso.worker")


async def work(
    settings: Settings, steps: Sequence[Step], wire: Wire, codec: Codec, vault: Vault, *, deidentification: EngineVersion
) -> None:
    """Run these steps until SIGTERM or SIGINT. Raises EngineFailed when one cannot go on."""
    metrics = Metrics(CollectorRegistry(), SOFTWARE)
    metrics.engine.labels(**deidentification.described()).set(1)
    application = Application(settings, wire, codec, metrics, vault)
    engine = Engine(application.agents(steps), engine_settings(settings))
    watch = Watch(
        groups={step.name: wire.group(step.name) for step in steps},
        flows=lambda: engine.progress,
        lag=LagReader(settings.connection),
        waiting=application.waiting,
        metrics=metrics,
        stall_seconds=settings.real("PSO_STALL_SECONDS"),
    )
    health = HealthServer(
        settings.text("PSO_HEALTH_HOST"),
        settings.whole("PSO_HEALTH_PORT"),
        metrics.registry,
        live=watch.live,
        ready=watch.ready,
    )
    turning = asyncio.create_task(_turn(watch))
    watch.start()
    try:
        await engine.run(_stop_on_signal())
        LOG.info("drained")
    finally:
        turning.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await turning
        watch.close()
        health.close()
        application.delivery.close()


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _turn(watch: Watch) -> None:
    while True:
        watch.loop_turned()
        await asyncio.sleep(1.0)
