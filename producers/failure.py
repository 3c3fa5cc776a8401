"""Why a command ends without having done its work: one line for the person at the terminal, and an exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's end means to the script that called it."""

    OK = 0
    FAILED = 1
    USAGE = 2
    FOUND = 3  # a check found something
    UNAVAILABLE = 4
    REFUSED = 5  # by policy: of the broker's access list, or of this program


class Failure(Exception):
    """The message says what is wrong and what to do about it; it never holds a value of an event."""

    def __init__(self, message: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.code = code
