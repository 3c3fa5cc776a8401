"""What is not installed with pso-produce itself: everything else works without it."""

from importlib import import_module
from types import ModuleType

from producers.failure import ExitCode, Failure


def of_extra(module: str, extra: str) -> ModuleType:
    """A module that needs an extra. Raises Failure, which says what to install."""
    try:
        return import_module(module)
    except ImportError as error:  # psycopg without its library is there and cannot be loaded, and has no name to tell
        raise Failure(f"{error.name or extra} is not installed: pip install 'pso-stream[{extra}]'", ExitCode.USAGE) from None
