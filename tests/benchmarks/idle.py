"""(e) What a worker and a sink cost while nothing happens: share of a core, and resident memory."""

import os
import time
from pathlib import Path
from typing import Any

from deploy.demo.running import Service
from tests.benchmarks.running_system import running_system, some_providers

SECONDS = 20.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def idle(folder: Path) -> dict[str, Any]:
    """CPU share and memory of each process over some quiet seconds."""
    with running_system(folder, some_providers()) as system:
        time.sleep(5)
        services = {"worker": system.worker, "sink": system.sink}
        before = {name: _cpu_seconds(service) for name, service in services.items()}
        time.sleep(SECONDS)
        return {
            name: {
                "core_share": round((_cpu_seconds(service) - before[name]) / SECONDS, 3),
                "resident_mb": round(_resident(service) / 1e6),
            }
            for name, service in services.items()
        }


def _cpu_seconds(service: Service) -> float:
    fields = Path(f"/proc/{service.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident(service: Service) -> int:
    return int(Path(f"/proc/{service.pid}/statm").read_text().split()[1]) * _PAGE
