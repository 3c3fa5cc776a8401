"""Published cells onto their topic: what is missing is written, what is there is read first."""

from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass

from schemas import headers
from schemas.codec import Codec, Undecodable
from schemas.connection import KafkaConnection
from schemas.records import PublishedCell
from schemas.topics import CELLS_PUBLISHED
from stream_processors.domain.publication.published_cells import Read
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.messages import Outgoing
from stream_processors.runtime.whole_log import PATIENCE, WholeLog


@dataclass(frozen=True, slots=True)
class CellTopic:
    """The topic under its wire name."""

    connection: KafkaConnection
    name: str
    codec: Codec

    def read(self) -> Iterator[Read]:
        """Every record. Raises Unavailable."""
        for incoming in WholeLog(self.connection, self.name).read():
            key = (incoming.key or b"").decode(errors="replace")
            yield Read(str(incoming.position), key, self._cell(incoming.value))

    def write(self, cells: Sequence[PublishedCell]) -> None:
        """Returns when all are acknowledged. Raises Unavailable and Undelivered; some may be there then."""
        delivery = Delivery(self.connection, client_id="pso-publish")
        try:
            delivery.send([self._outgoing(cell) for cell in cells]).result(PATIENCE)
        except TookTooLong:
            raise Unavailable("kafka") from None
        finally:
            delivery.close()

    def _cell(self, value: bytes | None) -> PublishedCell | None:
        try:
            return self.codec.decode(value or b"", PublishedCell)
        except Undecodable:
            return None

    def _outgoing(self, cell: PublishedCell) -> Outgoing:
        pairs = [(headers.RECORD, headers.label(PublishedCell)), (headers.GRADE, CELLS_PUBLISHED.grade.encode())]
        return Outgoing(self.name, None, CELLS_PUBLISHED.key(cell).encode(), self.codec.encode(cell), pairs)
