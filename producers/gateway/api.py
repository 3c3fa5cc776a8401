"""The API: POST /v1/events and GET /v1/receipts/{id}."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from producers.gateway.answers import Health
from producers.gateway.bodies import received, unpacked
from producers.gateway.desk import Desk
from producers.gateway.intake import Submission
from producers.gateway.keys import KeyRecord, Scope
from producers.gateway.limits import MAX_LINES, Bodies, Rates
from producers.gateway.metrics import GatewayMetrics
from producers.gateway.openapi import document
from producers.gateway.problems import Kind, Refused

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
_JSON = "application/json"


class Api:
    """The endpoints. `under_way` holds the Idempotency-Keys that are being worked on."""

    def __init__(self, desk: Desk, rates: Rates, metrics: GatewayMetrics) -> None:
        self._desk = desk
        self._rates = rates
        self._metrics = metrics
        self._bodies = Bodies()
        self._under_way: set[tuple[str, str, str]] = set()
        self._document = msgspec.json.encode(document())

    async def post_events(self, request: Request) -> Response:
        """202 only when everything that the answer calls captured or known is on disk."""
        key = await self._opened(request, Scope.SEND)
        lines = _holds_lines(request)
        idempotency_key = _idempotency_key(request)
        if not self._desk.has_space():
            raise Refused(Kind.STORAGE_FULL)
        self._take_tokens(key, 1)
        mark = (key.caller.arrangement, key.caller.provider, idempotency_key or "")
        if mark in self._under_way:
            raise Refused(Kind.IN_PROGRESS, headers={"Retry-After": "1"})
        if idempotency_key is not None:
            self._under_way.add(mark)
        try:
            return await self._taken(request, key, lines, idempotency_key)
        finally:
            self._under_way.discard(mark)

    async def get_receipt(self, request: Request) -> Response:
        """How far one event has come."""
        key = await self._opened(request, Scope.FOLLOW)
        self._take_tokens(key, 1)
        found = await self._desk.status(key.caller, request.path_params["receipt"])
        return _json(msgspec.json.encode(found))

    async def get_openapi(self, _request: Request) -> Response:
        """The document that describes this API."""
        return Response(self._document, media_type=_JSON)

    async def get_livez(self, _request: Request) -> Response:
        """The event loop turns."""
        return _json(msgspec.json.encode(Health("ok")))

    async def get_readyz(self, _request: Request) -> Response:
        """Events can be stored. Kafka may be away: they wait."""
        if not self._desk.has_space():
            return _json(msgspec.json.encode(Health("storage_full")), 503)
        return _json(msgspec.json.encode(Health("ok")))

    async def _taken(self, request: Request, key: KeyRecord, lines: bool, idempotency_key: str | None) -> Response:
        with self._bodies.room() as room:
            packed = await received(request, room)
            encoding = request.headers.get("content-encoding", "").strip().lower()
            data = await self._desk.ask(unpacked, packed, encoding)
            room.take(len(data))
            events = _count(data) if lines else 1
            self._take_tokens(key, events - 1)
            submission = Submission(data, lines, idempotency_key)
            body, before = await self._desk.ask(self._desk.intake.take, key.caller, submission)
        self._metrics.answered(body, before=before)
        headers = {"Idempotent-Replayed": "true"} if before else {}
        return _json(body, 202, headers)

    async def _opened(self, request: Request, scope: Scope) -> KeyRecord:
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        key = await self._desk.ask(self._desk.keys.opened_by, text.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise Refused(Kind.UNAUTHENTICATED)
        if scope not in key.caller.scopes:
            raise Refused(Kind.OUT_OF_SCOPE, f"it lacks the scope {scope}")
        return key

    def _take_tokens(self, key: KeyRecord, events: int) -> None:
        seconds = self._rates.wait(key.key_id, events)
        if seconds > 0:
            raise Refused(Kind.TOO_MANY, headers={"Retry-After": str(int(seconds) + 1)})


def _holds_lines(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _LINES and media_type != _JSON:
        raise Refused(Kind.UNSUPPORTED_MEDIA_TYPE)
    return media_type != _JSON


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        raise Refused(Kind.MALFORMED, "Idempotency-Key: 1 to 128 visible ASCII characters")
    return key


def _count(data: bytes) -> int:
    """The lines of a batch. Raises Refused for none and for too many."""
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if lines > MAX_LINES:
        raise Refused(Kind.TOO_LARGE, f"at most {MAX_LINES} lines")
    if not data.strip():
        raise Refused(Kind.MALFORMED, "the body is empty")
    return lines


def _json(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, _JSON)
