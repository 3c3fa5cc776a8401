"""Virtual environments for packages that must not meet this project's: one for each, made once, kept in the scratch folder."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

import msgspec

READY_FILE = "installed-for-the-benchmark"


class Environment(msgspec.Struct, frozen=True):
    """What is installed: `packages` with what they need, then `alone` without it."""

    name: str
    packages: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


class NotInstallable(RuntimeError):
    """pip could not install a package here. Names the environment and the file with pip's own words."""


def python_of(environment: Environment, work: Path) -> Path:
    """The interpreter of the environment, which is made first where it is not there or was made for other packages."""
    folder = work / environment.name
    python = folder / "bin" / "python"
    ready, wanted = folder / READY_FILE, hashlib.sha256(msgspec.json.encode(environment)).hexdigest()
    if ready.exists() and ready.read_text() == wanted:
        return python
    venv.create(folder, clear=True, with_pip=True)
    if environment.packages:
        _install(python, folder, [*environment.packages])
    if environment.alone:
        _install(python, folder, ["--no-deps", *environment.alone])
    ready.write_text(wanted)
    return python


def _install(python: Path, folder: Path, what: list[str]) -> None:
    log = folder / "pip.log"
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    with log.open("ab") as file:
        status = subprocess.run(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, check=False).returncode
    if status:
        raise NotInstallable(f"{folder.name}: pip ended with {status}, see {log}")


def own_python() -> Path:
    """The interpreter of this project."""
    return Path(sys.executable)
