"""How far an event has come: what the outbox knows, and beyond the broker what the PSO lets itself be asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from msgspec import UNSET

from producers.gateway.answers import Place, ReceiptStatus
from producers.outbox import Fate, Receipt, State


@dataclass(frozen=True, slots=True)
class End:
    """What the PSO says of a record of an entry topic; `reason` and `path` of a dead letter."""

    state: Literal["accepted", "dead_letter", "in_warehouse"]
    reason: str = ""
    path: str = ""


Beyond = Callable[[str, int, Receipt], End | None]
"""The port to the PSO's side: Kafka key, revision and place of a record -> how it ended, or None while nobody knows."""


def unknown_beyond(_key: str, _revision: int, _place: Receipt) -> End | None:
    """The port of a gateway whose PSO cannot be asked: an event ends as `sent`."""
    return None


def _here(state: State | None) -> Literal["refused", "waiting", "withheld"]:
    """Of what the broker does not have: `withheld` is what the provider's staff keep in the PSES or removed from it."""
    if state is None:
        return "withheld"
    return "refused" if state is State.REFUSED else "waiting"


def status_of(receipt: str, event: tuple[str, int], fate: Fate, end: End | None) -> ReceiptStatus:
    """The answer to a receipt; `event` is its id and revision, `end` what the PSO says of it."""
    event_id, revision = event
    if fate.receipt is None:
        return ReceiptStatus(receipt, event_id, revision, _here(fate.state), fate.entered_at, fate.reason or UNSET)
    at = fate.receipt
    return ReceiptStatus(
        receipt,
        event_id,
        revision,
        end.state if end else "sent",
        fate.entered_at,
        reason=(end and end.reason) or UNSET,
        path=(end and end.path) or UNSET,
        sent=Place(at.topic, at.partition, at.offset, at.timestamp),
    )
