"""How far an event has come: what the outbox knows, and beyond the broker what the PSO lets itself be asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from msgspec import UNSET

from producers.gateway.answers import Place, ReceiptStatus
from producers.outbox import Fate, Receipt, State


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that a receipt knows of an event that the broker has: whose, which, and where it lies."""

    provider: str
    event_id: str
    revision: int
    place: Receipt


@dataclass(frozen=True, slots=True)
class End:
    """What the PSO says of it: the reason code and field path of a dead letter, or why no more is known than `sent`."""

    state: Literal["sent", "accepted", "dead_letter", "quarantined", "in_warehouse"]
    reason: str = ""
    path: str = ""
    beyond: Literal["", "not_asked", "unknown", "under_way"] = ""


NOT_ASKED = End("sent", beyond="not_asked")
UNKNOWN = End("sent", beyond="unknown")
UNDER_WAY = End("sent", beyond="under_way")

Beyond = Callable[[Question], Awaitable[End]]
"""The port to the PSO's side. It never raises, and answers within seconds: UNKNOWN where nobody can say."""


async def not_asked(_question: Question) -> End:
    """The port of a gateway that has no warehouse to ask (docs/decisions/0017): an event ends as `sent`."""
    return NOT_ASKED


def _here(state: State | None) -> Literal["refused", "waiting", "withheld"]:
    """Of what the broker does not have: `withheld` is what the provider's staff keep in the PSES or removed from it."""
    if state is None:
        return "withheld"
    return "refused" if state is State.REFUSED else "waiting"


def status_of(receipt: str, event: tuple[str, int], fate: Fate, end: End) -> ReceiptStatus:
    """The answer to a receipt; `event` is its id and revision, `end` what is known of it beyond the broker."""
    event_id, revision = event
    if fate.receipt is None:
        return ReceiptStatus(receipt, event_id, revision, _here(fate.state), fate.entered_at, fate.reason or UNSET)
    at = fate.receipt
    return ReceiptStatus(
        receipt,
        event_id,
        revision,
        end.state,
        fate.entered_at,
        reason=end.reason or UNSET,
        path=end.path or UNSET,
        sent=Place(at.topic, at.partition, at.offset, at.timestamp),
        beyond=end.beyond or UNSET,
    )
