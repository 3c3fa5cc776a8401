"""What becomes of a record that cannot go on: its bytes, key and headers unchanged, and beside them why."""

from importlib.metadata import version

from schemas.headers import Death
from schemas.topics import DEAD
from stream_processors.runtime.messages import Incoming, Outgoing

SOFTWARE = f"pso-stream {version('pso-stream')}"


def dead_letter(incoming: Incoming, step: str, reason: str, path: str = "") -> Outgoing:
    """The dead letter of a message: to its topic's dead letters, in its own partition."""
    death = Death(reason=reason, path=path, step=step, position=incoming.position, software=SOFTWARE)
    return Outgoing(
        topic=incoming.topic + DEAD,
        partition=incoming.partition,
        key=incoming.key,
        value=incoming.value,
        headers=[*incoming.headers, *death.pairs()],
        timestamp=incoming.timestamp if incoming.timestamp > 0 else None,
    )
