"""Runs `producers.workbook` beside this process, hands it a workbook and gives back what it writes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, BinaryIO

_BLOCK_BYTES = 1 << 20


@contextmanager
def rows_of_workbook(stream: BinaryIO, sheet: str | None) -> Iterator[IO[bytes]]:
    """The lines that the other process writes. It reads the whole workbook before it writes its first one."""
    command = [sys.executable, "-m", "producers.workbook", *([sheet] if sheet else [])]
    # What a library says when it dies may hold cells: its stderr goes nowhere.
    with subprocess.Popen(  # noqa: S603 - no shell; the sheet's name is one argument
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018 - both are pipes
        with suppress(BrokenPipeError):  # it has seen enough, or died: its last line, or the lack of one, says so
            while block := stream.read(_BLOCK_BYTES):
                process.stdin.write(block)
            process.stdin.close()
        try:
            yield process.stdout
        finally:
            process.kill()
