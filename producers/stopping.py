"""How a command that goes on is asked to end: SIGTERM and Ctrl-C, and the pass under way is finished."""

import signal
import threading
from types import FrameType


def asked_to_stop() -> threading.Event:
    """Set by SIGTERM or Ctrl-C from now on."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return asked
