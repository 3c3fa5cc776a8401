"""(d) Recovery: seconds from kill -9 (and restart at once) until an event sent after the kill is counted."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.running_system import RunningSystem, Trickle, running_system, some_providers

RATE = 50.0


def recovery(folder: Path) -> dict[str, Any]:
    """Each victim once, with a steady stream running."""
    (provider,) = some_providers(1)
    with running_system(folder, [provider]) as system, Trickle(system, provider, RATE) as trickle:
        time.sleep(5)
        return {name: round(_seconds(trickle, hurt), 2) for name, hurt in _victims(system).items()}


def _seconds(trickle: Trickle, hurt: Callable[[], None]) -> float:
    killed = time.monotonic()
    hurt()
    found = trickle.seen_after(killed + 0.01, 120)
    time.sleep(5)
    return found


def _victims(system: RunningSystem) -> dict[str, Callable[[], None]]:
    def broker() -> None:
        system.stack.brokers[0].kill()
        system.stack.brokers[0].start()

    def postgresql() -> None:
        system.stack.postgres.kill()
        system.stack.postgres.start()

    def again(name: str) -> Callable[[], None]:
        def hurt() -> None:
            service = getattr(system, name)
            service.kill()
            service.start()

        return hurt

    return {"worker": again("worker"), "sink": again("sink"), "broker": broker, "postgresql": postgresql}
