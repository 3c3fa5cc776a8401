"""One real Kafka and one real PostgreSQL for the whole run; every test gets a namespace of its own on them."""

import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.dev.stack import Stack

# Clients that outlive their broker for a moment must not talk behind the closing line of the run.
logging.getLogger("pso").addHandler(logging.NullHandler())

WORK = Path(__file__).parents[1] / ".work"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The embedded stack, shared. Tests that kill servers start one of their own (`own_stack`)."""
    started = Stack(WORK / f"tests-{os.getpid()}")
    with started:
        yield started
    started.wipe()


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack for one test, which may kill its servers."""
    started = Stack(tmp_path / "stack")
    with started:
        yield started
    started.wipe()


@pytest.fixture
def namespace() -> str:
    """A fresh prefix for topics and groups: tests share a broker and nothing else."""
    return f"t{secrets.token_hex(4)}-"
