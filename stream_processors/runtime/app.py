"""The declared steps as agents of one engine: the only place where declarations meet Kafka."""

from collections.abc import Mapping, Sequence
from typing import Any

import faust

from schemas.codec import Codec
from schemas.connection import KafkaConnection
from stream_processors.metrics import Metrics
from stream_processors.runtime.accumulation import Accumulation
from stream_processors.runtime.accumulator_agent import AccumulatorAgent
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.engine import Agent
from stream_processors.runtime.faust_app import EngineSettings
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.observer import StepObserver
from stream_processors.runtime.outlet import Outlet
from stream_processors.runtime.processor_agent import ProcessorAgent, Vault
from stream_processors.runtime.shared_decoding import SharedDecoding
from stream_processors.runtime.step import ProcessorRun
from stream_processors.runtime.waiting import Waiting
from stream_processors.runtime.wire import Wire
from stream_processors.settings import Settings
from stream_processors.shapes import Accumulator, Processor, Step


class Application:
    """The agents of the chosen steps, what they wait for, and the producer they share."""

    def __init__(self, settings: Settings, wire: Wire, codec: Codec, metrics: Metrics, vault: Vault) -> None:
        self._settings = settings
        self._wire = wire
        self._codec = codec
        self._inlet = SharedDecoding(codec)
        self._metrics = metrics
        self._vault = vault
        self.delivery = Delivery(settings.connection, client_id=f"{wire.namespace}pso-worker")
        self.waiting: dict[str, Waiting] = {}

    def agents(self, steps: Sequence[Step]) -> list[Agent]:
        """One agent per step, each its own consumer group."""
        return [self._processor(s) if isinstance(s, Processor) else self._accumulator(s) for s in steps]

    def _processor(self, step: Processor) -> Agent:
        waiting = self.waiting.setdefault(step.name, Waiting(step.name))
        limit = UnexpectedLimit(self._settings.whole("PSO_UNEXPECTED_CONSECUTIVE"), self._settings.real("PSO_UNEXPECTED_RATIO"))
        outlet = Outlet(step.writes, self._wire.name(step.writes), self._codec, self._partitions)
        run = ProcessorRun(step, self._wire, self._inlet, outlet, limit)
        observer = StepObserver(self._metrics, step.name)
        agent = ProcessorAgent(run, self.delivery, self._vault, observer, waiting)
        return Agent(self._wire.group(step.name), self._topics(step), agent.handle)

    def _accumulator(self, step: Accumulator[Any]) -> Agent:
        accumulation = Accumulation(step, self._codec, self._wire, self._settings.connection, self._partitions)
        agent = AccumulatorAgent(accumulation, StepObserver(self._metrics, step.name))
        return Agent(self._wire.group(step.name), self._topics(step), agent.handle, agent.assigned, in_flight=1)

    @property
    def _partitions(self) -> int:
        return self._settings.whole("PSO_PARTITIONS")

    def _topics(self, step: Step) -> tuple[str, ...]:
        return tuple(self._wire.name(topic) for topic in step.reads)


def engine_settings(settings: Settings) -> EngineSettings:
    """What the engine needs to know; the session time-out decides the rest."""
    session = settings.real("PSO_SESSION_TIMEOUT_SECONDS")
    return EngineSettings(
        bootstrap_servers=settings.connection.bootstrap_servers,
        credentials=faust_credentials(settings.connection),
        session_timeout=session,
        heartbeat_interval=session / 4,
        rebalance_timeout=max(6.0, session * 2),
        request_timeout=max(30.0, session + 5),
        max_chunk_records=settings.whole("PSO_CHUNK_RECORDS"),
    )


def faust_credentials(connection: KafkaConnection) -> Any:
    """The connection's security as Faust wants it; None for plaintext."""
    if connection.security_protocol == "PLAINTEXT":
        return None
    tls: Mapping[str, Any] = {
        "cafile": connection.ca_file,
        "certfile": connection.certificate_file,
        "keyfile": connection.key_file,
    }
    if connection.security_protocol == "SSL":
        return faust.SSLCredentials(**tls)
    return faust.SASLCredentials(
        mechanism=connection.sasl_mechanism,
        username=connection.username,
        password=connection.password,
        ssl_context=faust.SSLCredentials(**tls).context if connection.security_protocol == "SASL_SSL" else None,
    )
