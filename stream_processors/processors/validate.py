"""pso-events-submitted-<arrangement> -> validate() -> pso-events-accepted."""

from collections.abc import Iterator
from typing import Protocol

from schemas import topics
from schemas.records import AcceptedEvent, SafetyEvent
from stream_processors.domain import validation
from stream_processors.domain.arrangements import Arrangements
from stream_processors.shapes import Given, Processor, knows_all


class Register(Protocol):
    """The arrangements as they are known now, and up to which time (milliseconds) nothing can be added to them."""

    @property
    def arrangements(self) -> Arrangements:
        """Every version that is known."""

    def knows(self, until: int) -> bool:
        """Whether every version that is in effect at this time is known."""


def validate(arrangements: Arrangements, register: Register | None = None) -> Processor:
    """The step that accepts events under these arrangements; the entry topic says whose, the time of entry which version.

    With a register, versions that are activated meanwhile are followed.
    """

    def accept(event: SafetyEvent, given: Given) -> Iterator[AcceptedEvent]:
        known = arrangements if register is None else register.arrangements
        yield validation.validate(event, known.in_force(given.topic, given.entered))

    return Processor(
        name="validate",
        reads=arrangements.entries,
        function=accept,
        writes=topics.EVENTS_ACCEPTED,
        knows=knows_all if register is None else register.knows,
    )
