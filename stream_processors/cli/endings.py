"""How an error ends a command: one line for each fault, and an exit code. No line holds a value of a record."""

from schemas.registry import RegistryRefused, RegistryUnavailable
from stream_processors.cli import exit_codes
from stream_processors.domain.arrangements import InvalidArrangements
from stream_processors.domain.contract.compiling import WidensTheLaw
from stream_processors.domain.contract.duties import NotDue
from stream_processors.domain.contract.reading import InvalidDocument
from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.release_plan import InvalidPlan
from stream_processors.domain.registry.direct_connection import NotConnectable
from stream_processors.domain.registry.parties import RegistryDisagrees
from stream_processors.domain.registry.rules import InvalidProvider
from stream_processors.domain.rejection import Unavailable
from stream_processors.domain.signals.signal_parameters import InvalidParameters
from stream_processors.runtime.delivery import Undelivered
from stream_processors.runtime.engine import EngineFailed
from stream_processors.runtime.kafka_errors import KafkaRefused, name_of
from stream_processors.runtime.limits import TooManyUnexpected
from stream_processors.runtime.quarantine import NotQuarantined
from stream_processors.runtime.sink_consumer import SinkFailed
from stream_processors.settings import InvalidSettings
from stream_processors.topology import Unlawful
from stream_processors.warehouse.connections import WarehouseFailed

EXPECTED = (
    NotQuarantined,
    NotConnectable,
    NotDue,
    NotReleasable,
    RegistryDisagrees,
    InvalidPlan,
    InvalidProvider,
    InvalidSettings,
    InvalidArrangements,
    InvalidParameters,
    InvalidDocument,
    WidensTheLaw,
    Unlawful,
    Unavailable,
    KafkaRefused,
    EngineFailed,
    TooManyUnexpected,
    Undelivered,
    SinkFailed,
    WarehouseFailed,
    RegistryRefused,
    RegistryUnavailable,
)
"""Errors that a person can do something about; anything else is a fault of ours and shows its traceback."""


def ending(error: Exception) -> tuple[list[str], int]:
    """The lines to say, and the exit code."""
    match error:
        case (
            InvalidSettings()
            | InvalidArrangements()
            | InvalidPlan()
            | InvalidParameters()
            | InvalidProvider()
            | InvalidDocument()
        ):
            return [str(fault) for fault in error.faults], exit_codes.USAGE
        case (
            Unlawful()
            | WidensTheLaw()
            | NotConnectable()
            | NotDue()
            | RegistryDisagrees()
            | RegistryRefused()
            | NotQuarantined()
            | NotReleasable()
        ):
            return str(error).splitlines(), exit_codes.REFUSED
        case Unavailable():
            return [f"{error.what} does not answer: nothing was lost, try again"], exit_codes.UNAVAILABLE
        case KafkaRefused():
            return [f"kafka refused: {name_of(error)}"], exit_codes.UNAVAILABLE
        case EngineFailed():
            return [f"{error} ({_cause(error)}); unfinished work is replayed after a restart"], _code_of_cause(error)
        case TooManyUnexpected():
            return [f"stopped, for too many records failed in our own code: {error}"], exit_codes.FAILED
        case SinkFailed():
            return [str(error)], exit_codes.FAILED
        case WarehouseFailed():
            return [f"postgresql refused: {error}; check the rights of this user and `pso warehouse verify`"], exit_codes.FAILED
        case Undelivered():
            return [f"kafka will not take a record: {error}; `pso topics verify`"], exit_codes.FAILED
        case _:
            return [str(error)], exit_codes.UNAVAILABLE


def _cause(error: Exception) -> str:
    return type(error.__cause__).__name__ if error.__cause__ else "Faust"


def _code_of_cause(error: Exception) -> int:
    return exit_codes.FAILED if isinstance(error.__cause__, TooManyUnexpected) else exit_codes.UNAVAILABLE
