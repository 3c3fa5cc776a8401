"""Waiting for the world: pauses that grow, and what readiness says meanwhile."""

import logging
from dataclasses import dataclass, field

from stream_processors.domain.rejection import Unavailable

LOG = logging.getLogger("pso.waiting")

LONGEST = 5.0
"""Seconds between two tries, at most: what is back is noticed within this time."""


@dataclass(slots=True)
class Waiting:
    """What one step waits for. `reason` is None while it does not wait."""

    step: str
    reason: str | None = None
    _pause: float = field(default=0.0)

    def away(self, error: Unavailable) -> float:
        """Note that something is away; the seconds to wait before the next try."""
        if self.reason is None:
            LOG.warning("%s waits for %s", self.step, error.what)
        self.reason = error.what
        self._pause = min(LONGEST, max(error.retry_after, self._pause * 2))
        return self._pause

    def back(self) -> None:
        """It answers again."""
        if self.reason is not None:
            LOG.warning("%s goes on: %s is back", self.step, self.reason)
        self.reason = None
        self._pause = 0.0
