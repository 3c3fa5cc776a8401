"""The OpenAPI 3.1 document, made from the types that the code itself reads and writes."""

from importlib.metadata import version
from typing import Any

import msgspec

from producers.gateway.answers import Accepted, Health, Problem, ReceiptStatus
from producers.gateway.limits import MAX_BODY_BYTES, MAX_LINES, MAX_UNPACKED_BYTES
from producers.gateway.problems import MEDIA_TYPE, Kind
from schemas.records import SafetyEvent

_REF = "#/components/schemas/{name}"
_MAY_BE_LEFT_OUT = frozenset({"event_id", "revision", "action", "provider"})

_POST_PROBLEMS = (
    Kind.MALFORMED, Kind.UNAUTHENTICATED, Kind.OUT_OF_SCOPE, Kind.TOO_SLOW, Kind.IN_PROGRESS, Kind.TOO_LARGE,
    Kind.UNSUPPORTED_MEDIA_TYPE, Kind.INVALID_EVENTS, Kind.TOO_MANY, Kind.INTERNAL, Kind.BUSY, Kind.STORAGE_FULL,
)  # fmt: skip
_GET_PROBLEMS = (Kind.UNAUTHENTICATED, Kind.OUT_OF_SCOPE, Kind.NOT_FOUND, Kind.TOO_MANY, Kind.INTERNAL, Kind.BUSY)


def document() -> dict[str, Any]:
    """The document, as JSON types."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pso-stream gateway",
            "version": version("pso-stream"),
            "description": "Patient safety events to a Patient Safety Organization. No answer repeats a value of a request.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"key": []}],
        "paths": {
            "/v1/events": {"post": _post_events()},
            "/v1/receipts/{receipt}": {"get": _get_receipt()},
            "/livez": {"get": _health("The process lives.", {})},
            "/readyz": {"get": _health("Events can be stored.", {"503": _content("The disk is nearly full.", "Health")})},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key: psok_..."}},
            "schemas": _schemas(),
        },
    }


def _post_events() -> dict[str, Any]:
    return {
        "operationId": "postEvents",
        "summary": "Hand in one event, or a batch with one event a line",
        "description": (
            f"At most {MAX_BODY_BYTES} bytes, {MAX_UNPACKED_BYTES} unpacked, {MAX_LINES} lines. The answer 202 comes when"
            " what it calls captured or known is on disk; good lines are taken and bad ones told with line, path and reason."
            " Without an answer, send the same body with the same Idempotency-Key again."
        ),
        "parameters": [
            _header("Idempotency-Key", "^[!-~]{1,128}$", "Yours, new for each body; remembered for seven days."),
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _named("SafetyEvent")},
                "application/x-ndjson": {"schema": {"type": "string", "description": "One SafetyEvent a line."}},
            },
        },
        "responses": {"202": _content("Taken.", "Accepted"), **_problems(_POST_PROBLEMS)},
    }


def _get_receipt() -> dict[str, Any]:
    return {
        "operationId": "getReceipt",
        "summary": "Follow an event to its end",
        "parameters": [
            {"name": "receipt", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^rcp_[0-9a-f]{32}$"}}
        ],
        "responses": {"200": _content("How far it has come.", "ReceiptStatus"), **_problems(_GET_PROBLEMS)},
    }


def _health(summary: str, further: dict[str, Any]) -> dict[str, Any]:
    return {"summary": summary, "security": [], "responses": {"200": _content(summary, "Health"), **further}}


def _header(name: str, pattern: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string", "pattern": pattern}}


def _named(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}


def _content(description: str, schema: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": _named(schema)}}}


def _problems(kinds: tuple[Kind, ...]) -> dict[str, Any]:
    return {str(kind.status): _content(kind.title, "Problem", MEDIA_TYPE) for kind in kinds}


def _schemas() -> dict[str, Any]:
    types = (SafetyEvent, Accepted, ReceiptStatus, Problem, Health)
    _, components = msgspec.json.schema_components(types, ref_template=_REF)
    event = components["SafetyEvent"]
    event["required"] = [name for name in event["required"] if name not in _MAY_BE_LEFT_OUT]
    for name, schema in event["properties"].items():
        if name not in event["required"]:  # null says the same as nothing
            event["properties"][name] = {"anyOf": [schema, {"type": "null"}]}
    event["description"] += " May be left out: provider, source, event_id; of a first report also revision and action."
    return {name: _ecma(schema) for name, schema in components.items()}


def _ecma(schema: Any) -> Any:
    r"""JSON Schema's patterns are those of ECMA 262, which writes Python's \Z as $."""
    if isinstance(schema, dict):
        return {name: _ecma(value) for name, value in schema.items()}
    if isinstance(schema, list):
        return [_ecma(value) for value in schema]
    return schema.replace(r"\Z", "$") if isinstance(schema, str) else schema
