"""Where the drops of each provider lie, in the gateway's folder: drops/ARRANGEMENT/PROVIDER/SYSTEM, and a mapping beside.

The path says whose events a folder holds, so a drop is read under the right name also long after its session.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from producers.failure import ExitCode, Failure
from producers.gateway.keys import Caller, Scope

_DROPS, _MAPPINGS = "drops", "mappings"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SCOPES = (Scope.SEND, Scope.FOLLOW)
"""What a key may do here: drop files, and fetch their acks."""


def refuse_unsafe(caller: Caller) -> Caller:
    """The caller, when it can have a folder. Raises Failure."""
    for told, name in (("--provider", caller.provider), ("--arrangement", caller.arrangement), ("--system", caller.system)):
        if not _SAFE.fullmatch(name):
            meaning = "up to 100 letters, digits, '.', '_' and '-', and no '.' first: it is the name of a folder"
            raise Failure(f"{told} must be {meaning}", ExitCode.USAGE)
    return caller


def drop_folder(folder: Path, caller: Caller) -> Path:
    """The folder of a caller; made for its owner's eyes only."""
    path = folder / _DROPS
    path.mkdir(mode=0o700, exist_ok=True)
    for name in (caller.arrangement, caller.provider, caller.system):
        path /= name
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def drop_folders(folder: Path) -> Iterator[tuple[Caller, Path]]:
    """Every folder there is, with whose it is."""
    for path in sorted((folder / _DROPS).glob("*/*/*")):
        arrangement, provider, system = path.parts[-3:]
        yield Caller(provider, arrangement, system, frozenset()), path


def mapping_file(folder: Path, caller: Caller) -> Path | None:
    """The mapping of a caller's CSV and Excel files, where the operator has put one."""
    path = folder / _MAPPINGS / caller.arrangement / caller.provider / f"{caller.system}.toml"
    return path if path.is_file() else None
