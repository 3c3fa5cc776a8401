"""Around every request: a line in the log, a count, and an answer whatever happens; nothing of the request in any of them."""

import json
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from producers.clock import Clock, instant_text
from producers.gateway.metrics import GatewayMetrics
from producers.gateway.problems import Kind, Refused, problem_response

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"),
)


class Watching:
    """The outermost layer. `routes` gives the path template of an endpoint: a path itself may hold anything."""

    def __init__(
        self, app: ASGIApp, routes: Mapping[Any, str], metrics: GatewayMetrics, log: Callable[[str], None], clock: Clock
    ) -> None:
        self._app = app
        self._routes = routes
        self._metrics = metrics
        self._log = log
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # its words may hold a value: only its kind and place are told
            self._log(json.dumps({"time": instant_text(self._clock()), "mistake": type(error).__name__, "at": _place(error)}))
            if not status:
                await problem_response(Refused(Kind.INTERNAL))(scope, receive, watched)
        finally:
            self._told(scope, status, time.monotonic() - began)

    def _told(self, scope: Scope, status: int, seconds: float) -> None:
        route = self._routes.get(scope.get("endpoint"), "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requested(route, status, seconds)
        line = {"time": instant_text(self._clock()), "method": method, "route": route, "status": status}
        self._log(json.dumps({**line, "ms": round(seconds * 1000, 1)}))


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
