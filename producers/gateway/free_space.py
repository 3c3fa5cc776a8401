"""The free space on the disk of the outboxes, looked at again and again in a thread of its own."""

import shutil
import threading
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge

_LOOK_SECONDS = 10.0


class FreeSpace:
    """The gauge, in the registry of whoever works in the gateway's folder."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._free = Gauge("pso_gateway_disk_free_bytes", "Free space on the disk of the outboxes.", registry=registry)

    def watch(self, folder: Path, asked_to_stop: threading.Event) -> None:
        """Until asked to stop."""
        while not asked_to_stop.is_set():
            self._free.set(shutil.disk_usage(folder).free)
            asked_to_stop.wait(_LOOK_SECONDS)
