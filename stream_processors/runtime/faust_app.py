"""Builds the Faust app of one agent: a consumer group that hands over chunks, and nothing else of Faust switched on."""

from dataclasses import dataclass
from typing import Any

import faust
import mode
from faust.app.base import BootStrategy

from stream_processors.runtime.chunks import ChunkLimits, ChunkTransport

# aiokafka leaves the group for ever, silently, when nothing was fetched for this long: a step that waits for an absent
# database, or reads its log back, would never come home. Progress is the watchdog's question. Seconds.
NEVER = 7 * 24 * 3600.0
# Chunks that Faust queues between the fetch and the agent; with `max_chunk_bytes` it bounds the memory per agent.
QUEUED_CHUNKS = 8


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the engine talks to Kafka; seconds and bytes.

    `credentials` is a faust.SASLCredentials or faust.SSLCredentials, or None. `in_flight` counts chunks per agent whose
    outputs are not yet acknowledged. `drain_timeout` bounds the graceful end; what is unfinished then is replayed.
    """

    bootstrap_servers: str
    credentials: Any = None
    session_timeout: float = 10.0
    heartbeat_interval: float = 3.0
    rebalance_timeout: float = 60.0
    request_timeout: float = 30.0
    commit_interval: float = 1.0
    max_chunk_records: int = 500
    max_chunk_bytes: int = 2 << 20
    fetch_max_bytes: int = 4 << 20
    in_flight: int = 2
    drain_timeout: float = 25.0


class _ConsumerOnly(BootStrategy):  # type: ignore[misc]  # Faust is untyped here
    """No producer (steps deliver through their own), no web server."""

    enable_kafka_producer = False
    enable_web = False


class _App(faust.App):  # type: ignore[misc]
    BootStrategy = _ConsumerOnly

    def _create_directories(self) -> None:
        """Nothing: without tables Faust has nothing to store, and the file system may be read-only."""


def build_app(group: str, settings: EngineSettings) -> Any:
    """The app with this consumer group, not started; `transport` delivers chunks. Needs a running event loop."""
    app = _App(
        group,
        env={},  # else Faust reads its settings from the environment as well
        autodiscover=False,
        broker=[f"kafka://{address.strip()}" for address in settings.bootstrap_servers.split(",")],
        broker_credentials=settings.credentials,
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.heartbeat_interval,
        broker_rebalance_timeout=settings.rebalance_timeout,
        broker_request_timeout=settings.request_timeout,
        broker_max_poll_interval=NEVER,
        broker_commit_interval=settings.commit_interval,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=settings.fetch_max_bytes,
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",
        stream_buffer_maxsize=QUEUED_CHUNKS,
        stream_wait_empty=True,
        stream_recovery_delay=0.0,
        agent_supervisor=mode.CrashingSupervisor,
        table_standby_replicas=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
    )
    app.transport = ChunkTransport(app, ChunkLimits(settings.max_chunk_records, settings.max_chunk_bytes))
    return app
