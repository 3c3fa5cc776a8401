"""A folder into which files are dropped: what is whole is read, and answered with an ack file, a line for every row.

A drop is `NAME` and `NAME.manifest.json`, each written under a name that ends in `.part` and then renamed, the manifest
last. It is first moved into `.taken/NAME`, which nobody else can write: what is checked there is what is read. In the end
that folder goes to `done` in one step. Killed at any point, the next pass takes the drop up again: rows that the outbox
holds are accepted again, and the ack is the same bytes.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import count
from pathlib import Path
from typing import Annotated, TextIO

import msgspec

from producers.capturing import Capturing, Tally
from producers.encoding import Encode, bounded
from producers.failure import Failure
from producers.outbox import Outbox
from producers.readers.outcome import Fault, Outcome, Read
from producers.revisions import Standing

PART, MANIFEST, ACK = ".part", ".manifest.json", ".ack.jsonl"
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_MOST_MANIFEST_BYTES = 65_536
_CHUNK = 1_048_576

Reading = Callable[[Path], AbstractContextManager[Iterator[Outcome]]]
"""Opens a file as the outcomes of reading it. Raises Failure when it cannot be read at all."""


class Flaw(StrEnum):
    """Why a drop is refused whole: nothing of it is stored."""

    NO_FILE = "no_file"
    NO_PLAIN_FILE = "no_plain_file"  # a link, a folder, a pipe
    BAD_MANIFEST = "bad_manifest"
    SHA256_DIFFERS = "sha256_differs"
    LINES_DIFFER = "lines_differ"
    UNREADABLE = "unreadable"


class Manifest(msgspec.Struct, frozen=True):
    """What the sender says of the file. `lines` as `wc -l` counts them, a last one without its end included."""

    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    lines: Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class Dropped:
    """What became of one drop."""

    name: str
    tally: Tally
    flaw: Flaw | None = None


class DropFolder:
    """One folder, worked by one process."""

    def __init__(self, folder: Path) -> None:
        """Makes the inner folders. Raises Failure."""
        self._folder = folder
        self._taken = folder / ".taken"
        self._done = folder / "done"
        try:
            for inner in (self._taken, self._done):
                inner.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Failure(f"{folder}: {error.strerror}: name a folder that can be written") from None

    def work(self, outbox: Outbox, encode: Encode, reading: Reading) -> Iterator[Dropped]:
        """Takes every whole drop. Raises Failure when outbox or folder cannot be written: the drop then waits."""
        try:
            for name in self._whole():
                self._take(name)
            for manifest in sorted(self._taken.glob(f"*/*{MANIFEST}")):
                yield self._one(manifest.parent.name, outbox, encode, reading)
        except OSError as error:
            raise Failure(f"{self._folder}: {error.strerror}: what was dropped waits") from None

    def unsafe(self) -> int:
        """How many entries have names that are never taken."""
        return sum(not _SAFE_NAME.fullmatch(entry.name) for entry in self._folder.iterdir() if entry != self._taken)

    def _whole(self) -> list[str]:
        """Names whose manifest is there: it comes last."""
        names = (path.name.removesuffix(MANIFEST) for path in self._folder.glob(f"*{MANIFEST}"))
        return sorted(
            name for name in names if _SAFE_NAME.fullmatch(name) and not name.endswith((PART, ACK)) and name != self._done.name
        )

    def _take(self, name: str) -> None:
        taken = self._taken / name
        taken.mkdir(mode=0o700, exist_ok=True)
        for part in (name, name + MANIFEST):  # the manifest last: here too it says that the rest is there
            if _mode(self._folder / part):
                (self._folder / part).replace(taken / part)

    def _one(self, name: str, outbox: Outbox, encode: Encode, reading: Reading) -> Dropped:
        ack = self._folder / (name + ACK)
        part = ack.with_name(ack.name + PART)
        with _fresh(part) as out:
            capturing = Capturing(outbox, encode, partial(_tell_fault, out), held=partial(_tell_held, out))
            flaw = self._captured(name, capturing, reading)
            tally = capturing.tally
            accepted = tally.captured + tally.known
            _tell(out, kind="summary", file=name, reason=str(flaw or ""), accepted=accepted, refused=tally.faults)
            out.flush()
            os.fsync(out.fileno())
        part.replace(ack)
        _sync(self._folder)
        self._put_away(name)
        return Dropped(name, tally, flaw)

    def _captured(self, name: str, capturing: Capturing, reading: Reading) -> Flaw | None:
        path = self._taken / name / name
        flaw = _flaw(path, path.with_name(name + MANIFEST))
        if flaw:
            return flaw
        with ExitStack() as stack:
            try:
                outcomes = stack.enter_context(reading(path))
            except Failure:
                return Flaw.UNREADABLE
            capturing.take(bounded(outcomes, capturing.encode))
        return None

    def _put_away(self, name: str) -> None:
        """Under its name, or with a number behind it where an earlier drop of that name lies."""
        numbered = (f"{name}.{number}" if number > 1 else name for number in count(1))
        target = next(self._done / one for one in numbered if not _mode(self._done / one))
        (self._taken / name).replace(target)


def _flaw(path: Path, manifest: Path) -> Flaw | None:
    """What is wrong with the drop as a whole."""
    kinds = [_mode(one) for one in (path, manifest)]
    if 0 in kinds:
        return Flaw.NO_FILE
    if not all(stat.S_ISREG(kind) for kind in kinds):
        return Flaw.NO_PLAIN_FILE
    try:
        said = msgspec.json.decode(_beginning(manifest), type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Flaw.BAD_MANIFEST
    digest, lines = _measured(path)
    if digest != said.sha256:
        return Flaw.SHA256_DIFFERS
    return None if lines == said.lines else Flaw.LINES_DIFFER


def _mode(path: Path) -> int:
    """0 when nothing is there; of a link, the link's own."""
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return 0


def _beginning(manifest: Path) -> bytes:
    with manifest.open("rb") as file:
        return file.read(_MOST_MANIFEST_BYTES)


def _measured(path: Path) -> tuple[str, int]:
    """SHA-256 and number of lines."""
    digest, lines, last = hashlib.sha256(), 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return digest.hexdigest(), lines + (last != b"\n")


def _fresh(path: Path) -> TextIO:
    """A new file for its owner and group; a link that somebody put there is not followed."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o640), "w", encoding="utf-8")


def _sync(folder: Path) -> None:
    """A power cut must not take the name of an ack whose bytes are safe."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tell(out: TextIO, **values: object) -> None:
    out.write(json.dumps(values) + "\n")


def _tell_held(out: TextIO, read: Read, found: Standing) -> None:
    """Captured now or known: `accepted` either way, so that the same drop has the same ack."""
    _tell(out, kind="row", row=read.row, outcome="accepted", event_id=read.event.event_id, revision=found.revision)


def _tell_fault(out: TextIO, fault: Fault) -> None:
    place = {"row": fault.row, "column": fault.column}
    _tell(out, kind="row", **place, outcome="refused", reason=str(fault.reason), hint=fault.hint)
