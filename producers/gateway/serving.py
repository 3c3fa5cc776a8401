"""The gateway as a process: files opened, port bound, publisher beside it, and a quiet end on SIGTERM."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from producers.clock import system_clock
from producers.failure import Failure
from producers.gateway.application import application
from producers.gateway.desk import Desk
from producers.gateway.fates import Beyond, not_asked
from producers.gateway.free_space import FreeSpace
from producers.gateway.metrics import GatewayMetrics
from producers.gateway.protocol import TimedProtocol
from producers.gateway.settings import Listening
from producers.metrics import Metrics
from producers.stopping import asked_to_stop

_CONNECTIONS = 512
_HEAD_BYTES = 32_768
_KEEP_ALIVE_SECONDS = 15
_DRAIN_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Serving:
    """What one gateway process is made of."""

    folder: Path
    namespace: str
    listening: Listening
    metrics: Metrics
    say: Callable[[str], None]
    """Takes a line for the log."""
    beyond: Beyond = not_asked

    def run(self, publish: Callable[[threading.Event], None] | None) -> None:
        """Serves until SIGTERM or Ctrl-C; requests under way are answered. Raises Failure when it cannot begin."""
        counted = GatewayMetrics(self.metrics.registry)
        desk = Desk(self.folder, system_clock, self.listening.free_bytes, self.say, self.beyond)
        asked = asked_to_stop()  # uvicorn drains on the signal, then raises it again for this handler
        with _bound(self.listening) as port:
            desk.open(self.namespace)
            app = application(desk, self.listening, counted, self.say, system_clock)
            beside = [threading.Thread(target=FreeSpace(self.metrics.registry).watch, args=(self.folder, asked))]
            if publish is not None:
                beside.append(threading.Thread(target=publish, args=(asked,)))
            try:
                for thread in beside:
                    thread.start()
                _serve(app, self.listening, port, self.say, asked)
            finally:
                asked.set()
                for thread in beside:
                    thread.join()
                desk.close()


def _serve(app: ASGIApp, listening: Listening, port: socket.socket, say: Callable[[str], None], asked: threading.Event) -> None:
    quiet = logging.getLogger("uvicorn")  # what it would say of a request may hold a value; our own lines say the rest
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    config = uvicorn.Config(
        app,
        http=TimedProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        ssl_certfile=listening.certificate_file,
        ssl_keyfile=listening.key_file,
    )
    try:
        config.load()
    except (OSError, ValueError):
        raise Failure("PSO_GATEWAY_CERTIFICATE_FILE and PSO_GATEWAY_KEY_FILE are no PEM pair that fits") from None
    scheme = "https" if listening.encrypted else "http"
    say(f"gateway listens on {scheme}://{listening.host}:{port.getsockname()[1]}")
    server = uvicorn.Server(config)
    threading.Thread(target=_end_when_asked, args=(server, asked)).start()
    server.run(sockets=[port])


@contextmanager
def _bound(listening: Listening) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    try:
        port = socket.create_server((listening.host, listening.port), family=family, backlog=_CONNECTIONS)
    except OSError as error:
        told = f"{listening.host}:{listening.port}: {os.strerror(error.errno or 0)}: set PSO_GATEWAY_HOST and PSO_GATEWAY_PORT"
        raise Failure(told) from None
    with port:
        # asyncio does it only for sockets that name their protocol: without it each answer waits 40 ms for the client's ACK.
        port.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield port


def _end_when_asked(server: uvicorn.Server, asked: threading.Event) -> None:
    """A signal may come before uvicorn listens for signals: it must not be lost."""
    asked.wait()
    server.should_exit = True
