"""Runs `pso` in this process and keeps what it printed."""

import io
import shlex
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

from stream_processors.cli import main


class Ran(NamedTuple):
    """Exit code, data and talk of a command."""

    code: int
    out: str
    err: str


def ran(line: str) -> Ran:
    """What a command line does."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(shlex.split(line))
        except SystemExit as ending:
            code = int(ending.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())
