"""/livez, /readyz and /metrics: one small server in a thread of its own, so that it answers while the work is busy."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from stream_processors.settings import InvalidSettings

LOG = logging.getLogger("pso.health")

Answer = Callable[[], Mapping[str, str]]
"""What is wrong, by part; nothing when all is well. Values are codes, never values of records."""


def nothing_wrong() -> Mapping[str, str]:
    """The answer of a process that has nothing to wait for."""
    return {}


class HealthServer:
    """Answers until closed. Port 0 takes a free one, see `port`."""

    def __init__(self, host: str, port: int, registry: CollectorRegistry, *, live: Answer, ready: Answer) -> None:
        pages = {"/livez": live, "/readyz": ready}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/metrics":
                    self._answer(200, generate_latest(registry), CONTENT_TYPE_LATEST)
                elif self.path in pages:
                    wrong = dict(pages[self.path]())
                    body = json.dumps({"status": "unavailable" if wrong else "ok", "waiting_for": wrong}).encode()
                    self._answer(503 if wrong else 200, body, "application/json")
                else:
                    self._answer(
                        404, b'{"status": "not found", "pages": ["/livez", "/readyz", "/metrics"]}', "application/json"
                    )

            def _answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing: a scrape every few seconds is no news."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            told = f"PSO_HEALTH_HOST and PSO_HEALTH_PORT: cannot listen on {host}:{port} ({error.strerror})"
            raise InvalidSettings([told]) from None
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()
        LOG.info("health and metrics on port %d", self.port)

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2.0)
