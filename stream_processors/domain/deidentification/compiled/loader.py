"""Finds the compiled parts of the narrative engine, where they were built."""

from importlib import import_module
from types import ModuleType
from typing import NamedTuple

NAMES = ("_search", "_check", "_encodings")


class Extensions(NamedTuple):
    """The modules in C."""

    search: ModuleType
    check: ModuleType
    encodings: ModuleType


def extensions() -> Extensions | None:
    """All, or None where this installation is plain Python: half in C would be a third program to trust."""
    try:
        return Extensions(*(import_module(f"{__package__}.{name}") for name in NAMES))
    except ImportError:
        return None
