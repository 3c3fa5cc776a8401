"""How far a run of the publisher has come."""

from dataclasses import dataclass


@dataclass(slots=True)
class Progress:
    """Delivery reports so far. A failed event waits in the outbox; a refused one never goes as it is."""

    delivered: int = 0
    refused: int = 0
    failed: int = 0
