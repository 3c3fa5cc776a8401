"""A file is there whole or not at all."""

import os
from pathlib import Path

import pytest

from stream_processors.cli.whole_file import whole_file


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    with whole_file(target) as out:
        out.write("new")
        out.flush()
        assert target.read_text() == "old"
    assert (target.read_text(), [path.name for path in tmp_path.iterdir()]) == ("new", ["out.csv"])


def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(target) as out:
        out.write(str(1 / 0))
    assert (target.read_text(), [path.name for path in tmp_path.iterdir()]) == ("old", ["out.csv"])


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "out.csv")
    with whole_file(tmp_path / "link.csv") as out:
        out.write("new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "out.csv").read_text() == "new"


def test_what_is_no_file_is_written_to() -> None:
    with whole_file(Path(os.devnull)) as out:
        out.write("nobody reads it")
    assert Path(os.devnull).exists()
    assert not Path(os.devnull).is_file()
