"""Rendering keeps ids and versions, and never writes over what was released."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from schemas import rendering
from schemas.__main__ import main
from schemas.rendering import faults, public_records, release, render


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A rendered tree that was released once."""
    current, released = tmp_path / "avro", tmp_path / "released"
    current.mkdir()
    render(current, released)
    release(current, released)
    return current, released


def changed(path: Path, change: dict[str, Any]) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))


def test_the_tree_has_the_catalogue_that_rendering_from_the_last_release_gives(tmp_path: Path) -> None:
    released = rendering.HERE / "released"
    current = Path(shutil.copytree(released, tmp_path / "avro"))
    render(current, released)
    assert rendering.entries_of(current) == rendering.entries_of(rendering.HERE / "avro")


def test_rendering_again_changes_no_file(folders: tuple[Path, Path]) -> None:
    assert render(*folders) == []


def test_a_stale_file_is_rendered_again_under_its_old_id(folders: tuple[Path, Path]) -> None:
    current, released = folders
    before = rendering.entries_of(current)
    changed(current / "signal.v1.avsc", {"doc": "stale"})
    assert [path.name for path in render(current, released)] == ["signal.v1.avsc"]
    assert rendering.entries_of(current) == before


def test_a_record_type_that_changed_after_a_release_becomes_a_new_version_with_a_new_id(
    folders: tuple[Path, Path],
) -> None:
    current, released = folders
    was = json.loads((released / "signal.v1.avsc").read_text())
    without_version = {"fields": [f for f in was["fields"] if f["name"] != "version"]}
    for folder in folders:
        changed(folder / "signal.v1.avsc", without_version)
    old = (current / "signal.v1.avsc").read_text()
    assert [path.name for path in render(current, released)] == ["signal.v2.avsc", rendering.CATALOGUE]
    assert rendering.entries_of(current)[-1] == {
        "id": len(public_records()) + 1, "record": "Signal", "version": 2, "file": "signal.v2.avsc",
    }  # fmt: skip
    assert (current / "signal.v1.avsc").read_text() == old
    ((file, fault),) = faults(current, released)
    assert file == "signal.v2.avsc"
    assert str(fault).startswith("version: no_default, backward reading fails")


def test_a_released_file_or_id_that_went_is_a_fault(folders: tuple[Path, Path]) -> None:
    current, released = folders
    (current / "signal.v1.avsc").unlink()
    lines = rendering.entries_of(current)
    kept = [line for line in lines if line["record"] != "Signal"]
    renumbered = [{**line, "id": 99} if line["record"] == "CellCount" else line for line in kept]
    (current / rendering.CATALOGUE).write_text(json.dumps(renumbered))
    assert {file for file, _ in faults(current, released)} == {"signal.v1.avsc", "cell_count.v1.avsc"}


def test_an_edited_released_file_is_a_fault(folders: tuple[Path, Path]) -> None:
    current, released = folders
    was = json.loads((current / "contribution.v1.avsc").read_text())
    changed(current / "contribution.v1.avsc", {"fields": was["fields"][1:]})
    assert "edited" in " ".join(str(fault) for _, fault in faults(current, released))


def test_check_says_nothing_and_ends_well_on_the_tree_as_it_is() -> None:
    ran = CliRunner().invoke(main, ["check"])
    assert (ran.exit_code, ran.output) == (0, "")


def test_check_and_release_end_with_3_where_there_is_a_fault(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    current, released = folders
    (current / "signal.v1.avsc").unlink()
    monkeypatch.setattr(rendering, "faults", lambda: faults(current, released))
    monkeypatch.setattr(rendering, "release", lambda: pytest.fail("released in spite of a fault"))
    lost = current / "signal.v1.avsc"
    lost.write_text((released / "signal.v1.avsc").read_text())
    changed(lost, {"fields": []})
    for command in ("check", "release"):
        ran = CliRunner().invoke(main, [command])
        assert ran.exit_code == 3
        assert "signal.v1.avsc: " in ran.output
