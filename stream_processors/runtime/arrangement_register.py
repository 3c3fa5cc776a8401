"""The arrangements as a running process knows them: the file, and what pso-arrangements-activated adds while it runs."""

import logging
import threading
from collections.abc import Sequence

from schemas.codec import Codec, Undecodable
from schemas.connection import KafkaConnection
from schemas.records import ArrangementActivated
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.contract.activation import LEAD, Activation, activated, milliseconds
from stream_processors.domain.contract.reading import InvalidDocument
from stream_processors.domain.faults import Fault
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.clock import now_ms
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.whole_log import WholeLog

LOG = logging.getLogger("pso.arrangements")

SKEW = 15_000
"""Milliseconds by which the clocks of this process and of the brokers may differ; further apart, records wait."""
EVERY = 15.0
"""Seconds between two readings: three fit between an activation and its effect."""


class ArrangementRegister:
    """Reads the topic whole, which is small, and says up to which time nothing can be added to what it read."""

    def __init__(self, imported: Arrangements, kafka: KafkaConnection, topic: str, codec: Codec) -> None:
        """`topic` is the name of pso-arrangements-activated on the wire."""
        self._imported = imported
        self._kafka = kafka
        self._topic = topic
        self._codec = codec
        self._known_until = 0
        self.arrangements = imported

    def knows(self, until: int) -> bool:
        """Whether every version in effect at this time (milliseconds, the broker's clock) is known."""
        return until <= self._known_until

    def activations(self) -> Sequence[Activation]:
        """Everything that was activated, in the order of the log. Raises Unavailable, InvalidDocument."""
        return [self._activation(incoming) for incoming in WholeLog(self._kafka, self._topic).read()]

    def refresh(self) -> None:
        """Read what there is now. Raises Unavailable, and what `activated` raises: then what was known stays known."""
        began = now_ms()
        self.arrangements = activated(self._imported, self.activations())
        self._known_until = began + LEAD - SKEW

    def follow(self) -> None:
        """Keep it up to date in the background for as long as the process lives."""
        threading.Thread(target=self._follow, name="arrangements", daemon=True).start()

    def _follow(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(EVERY)
            try:
                self.refresh()
            except Unavailable:
                LOG.warning("arrangements are not read: kafka is away")
            except Exception as error:
                # Records wait from now on, whatever it is: an old contract could let out what the new one closes.
                LOG.error("an activated arrangement cannot be followed (%s): `pso arrangement history`", type(error).__name__)

    def _activation(self, incoming: Incoming) -> Activation:
        try:
            record = self._codec.decode(incoming.value, ArrangementActivated)
            milliseconds(record.effective_at)
        except (Undecodable, ValueError):
            raise InvalidDocument([Fault(str(incoming.position), "this software cannot read it: upgrade it")]) from None
        return Activation(record, incoming.timestamp)
