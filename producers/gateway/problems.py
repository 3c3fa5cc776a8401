"""Errors of the gateway: one table of code, status and title, told as application/problem+json (RFC 9457)."""

from enum import Enum

import msgspec
from starlette.responses import Response

from producers.gateway.answers import LineResult, Problem

MEDIA_TYPE = "application/problem+json"


class Kind(Enum):
    """Every way in which the gateway says no: status, title."""

    UNAUTHENTICATED = (401, "An API key in force is needed: Authorization: Bearer psok_...")
    OUT_OF_SCOPE = (403, "This API key is not for this")
    NOT_FOUND = (404, "There is nothing here for this API key")
    METHOD_NOT_ALLOWED = (405, "This method is not for this address")
    TOO_SLOW = (408, "The request did not come in time")
    IN_PROGRESS = (409, "A request with this Idempotency-Key is being worked on: ask again")
    TOO_LARGE = (413, "The request is too large: send fewer events at once")
    UNSUPPORTED_MEDIA_TYPE = (415, "Send application/json or application/x-ndjson, plain or with Content-Encoding: gzip")
    MALFORMED = (400, "The request cannot be read")
    INVALID_EVENTS = (422, "No event of the request is valid")
    IDEMPOTENCY_KEY_REUSED = (422, "This Idempotency-Key was used for another body")
    TOO_MANY = (429, "This API key has sent too much: wait")
    INTERNAL = (500, "A mistake in the program; ask again with the same Idempotency-Key")
    BUSY = (503, "The gateway is busy or its disk does not answer: ask again with the same Idempotency-Key")
    STORAGE_FULL = (507, "The disk of the gateway is nearly full; nothing was stored")

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def title(self) -> str:
        return self.value[1]

    @property
    def code(self) -> str:
        return self.name.lower()


class Refused(Exception):
    """Ends a request with a problem. `detail` is written by us and holds no value of the request."""

    def __init__(
        self, kind: Kind, detail: str = "", errors: tuple[LineResult, ...] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def problem_response(refused: Refused) -> Response:
    """The answer that tells it. The connection ends with it, so that an unread body need not be read."""
    kind = refused.kind
    body = Problem(
        type=f"urn:pso-stream:problem:{kind.code}",
        title=kind.title,
        status=kind.status,
        code=kind.code,
        detail=refused.detail or msgspec.UNSET,
        errors=refused.errors or msgspec.UNSET,
    )
    headers = {"Connection": "close", "Cache-Control": "no-store", **refused.headers}
    if kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(body), kind.status, headers, MEDIA_TYPE)
