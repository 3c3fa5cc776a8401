"""Makes Java's start-up cache for the pinned jars: a broker that has one starts in a third of the time."""

import os
import tempfile
from pathlib import Path

from deploy.dev.broker import Broker
from deploy.dev.jars import Runtime

WRITING_SECONDS = 120.0
"""Java writes the cache while it stops."""


def train() -> Path:
    """Runs a broker once with recording switched on; the finished cache replaces an older one. Raises StackError."""
    cache = Runtime.ready().startup_cache
    unfinished = cache.with_name(f"{cache.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory() as home:
            broker = Broker(home, jvm=(f"-XX:AOTCacheOutput={unfinished}",)).start()
            broker.stop(patience=WRITING_SECONDS)
        unfinished.replace(cache)
    finally:
        unfinished.unlink(missing_ok=True)
    return cache
