"""The ASGI application: the routes of API and form, and errors in one form."""

import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from producers.clock import Clock
from producers.gateway.api import Api
from producers.gateway.desk import Desk
from producers.gateway.limits import Full, Rates
from producers.gateway.metrics import GatewayMetrics
from producers.gateway.problems import Kind, Refused, problem_response
from producers.gateway.settings import Listening
from producers.gateway.watching import Watching
from producers.gateway.web.routes import Form


def application(desk: Desk, listening: Listening, metrics: GatewayMetrics, log: Callable[[str], None], clock: Clock) -> ASGIApp:
    """The application on an open desk; `log` takes one line for each request."""
    rates = Rates(listening.events_per_second, time.monotonic)
    form = Form(desk, rates, time.monotonic, encrypted=listening.encrypted)
    routes = [*_api_routes(Api(desk, rates, metrics)), *form.routes()]
    app = Starlette(routes=routes, exception_handlers=_HANDLERS)
    return Watching(app, {route.endpoint: route.path for route in routes}, metrics, log, clock)


def _api_routes(api: Api) -> list[Route]:
    return [
        Route("/v1/events", api.post_events, methods=["POST"]),
        Route("/v1/receipts/{receipt}", api.get_receipt, methods=["GET"]),
        Route("/v1/openapi.json", api.get_openapi, methods=["GET"]),
        Route("/livez", api.get_livez, methods=["GET"]),
        Route("/readyz", api.get_readyz, methods=["GET"]),
    ]


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused), "registered for nothing else"
    return problem_response(error)


async def _unrouted(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "registered for nothing else"
    kinds = {404: Kind.NOT_FOUND, 405: Kind.METHOD_NOT_ALLOWED}
    return problem_response(Refused(kinds.get(error.status_code, Kind.MALFORMED), headers=dict(error.headers or {})))


async def _full(_request: Request, _error: Exception) -> Response:
    return problem_response(Refused(Kind.BUSY, headers={"Retry-After": "1"}))


async def _mistaken(_request: Request, _error: Exception) -> Response:
    """Starlette raises the error again behind this answer: `Watching` tells its kind and place."""
    return problem_response(Refused(Kind.INTERNAL))


_HANDLERS = {Refused: _refused, Full: _full, HTTPException: _unrouted, Exception: _mistaken}
