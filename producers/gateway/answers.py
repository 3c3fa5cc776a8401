"""What the gateway says, as types: the API's bodies and its OpenAPI document are made of these."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

ReceiptId = Annotated[str, Meta(pattern=r"^rcp_[0-9a-f]{32}$", description="Random: it tells nothing of anybody's volume.")]


class LineResult(Struct, frozen=True, omit_defaults=True):
    """What became of one line. A refused one says where and why, and what would be right; never the value."""

    line: int
    outcome: Literal["captured", "known", "refused"]
    receipt: ReceiptId | UnsetType = UNSET
    path: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    hint: str | UnsetType = UNSET


class Accepted(Struct, frozen=True):
    """The answer 202: what is captured or known is on disk and will be sent."""

    captured: int
    known: int
    refused: int
    results: tuple[LineResult, ...]


class Place(Struct, frozen=True):
    """Where the broker put an event; `timestamp` in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int


class ReceiptStatus(Struct, frozen=True, omit_defaults=True):
    """How far an event has come.

    `waiting`: on the gateway's disk. `sent`: the broker has it. `refused`: the broker will not take it, see `reason`.
    Where the gateway can ask the PSO's warehouse, further: `accepted` and stored, work on it goes on; `in_warehouse`, stored,
    classified and counted; `quarantined`, stored, but a person must decide before anything of it leaves in another grade;
    `dead_letter`, refused by the PSO, see `reason` and `path`.
    A `sent` without more has `beyond`: `not_asked`, this gateway has no warehouse to ask; `unknown`, the warehouse does not
    answer now, ask again later; `under_way`, the PSO has nothing of it yet.
    """

    receipt: ReceiptId
    event_id: str
    revision: int
    state: Literal["waiting", "withheld", "sent", "refused", "accepted", "dead_letter", "quarantined", "in_warehouse"]
    entered_at: str
    reason: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    sent: Place | UnsetType = UNSET
    beyond: Literal["not_asked", "unknown", "under_way"] | UnsetType = UNSET


class Problem(Struct, frozen=True, omit_defaults=True):
    """An error as RFC 9457 writes it. `code` is for programs; nothing here repeats what was sent."""

    type: str
    title: str
    status: int
    code: str
    detail: str | UnsetType = UNSET
    errors: tuple[LineResult, ...] | UnsetType = UNSET


class Health(Struct, frozen=True):
    """Whether the gateway lives, or can take events."""

    status: Literal["ok", "storage_full"]
