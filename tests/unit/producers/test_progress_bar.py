"""A person at a terminal sees how far a file is; a pipe sees no bar."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.unit.producers.test_commands import ENVIRONMENT, GOOD, ROOT

WORDS = [sys.executable, "-m", "producers", "check", "events.jsonl"]


def shown_on_a_terminal(folder: Path) -> str:
    """What a terminal of 80 columns is sent on stderr."""
    reader, terminal = pty.openpty()
    environment = {**ENVIRONMENT, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(WORDS, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=terminal) as process:
        os.close(terminal)
        shown = bytearray()
        try:
            while octets := os.read(reader, 65_536):
                shown += octets
        except OSError:  # Linux says EIO when the other side is gone
            pass
        finally:
            os.close(reader)
    assert process.returncode == 0
    return shown.decode()


def test_a_terminal_shows_the_bytes_read_of_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(GOOD * 4_000)
    shown = shown_on_a_terminal(tmp_path)
    size = f"{len(GOOD) * 4_000 / 1_000:.1f} kB"
    assert f"/{size}" in shown
    assert "events.jsonl: 4000 events, 0 faults" in shown


def test_a_pipe_is_sent_no_bar(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(GOOD * 4_000)
    ran = subprocess.run(
        WORDS, cwd=tmp_path, env={**ENVIRONMENT, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert ran.stderr == "events.jsonl: 4000 events, 0 faults\n"
