"""`pso signals refit|activate`: what is wrong is said before anything is asked or written."""

from pathlib import Path

import pytest

from tests.unit.cli.running import ran

MONTHS = "--from 2024-01 --until 2024-12 --watch-from 2025-01"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PSO_PROFILE", "dev")
    monkeypatch.setenv("PSO_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/postgres")
    monkeypatch.setenv("PSO_SIGNAL_PARAMETERS_FILE", str(tmp_path / "pinned.json"))


@pytest.mark.parametrize("month", ["2024-13", "2024", "24-01", "2024-1", "2024_01", "²024-01"])
def test_a_month_is_a_month(tmp_path: Path, month: str) -> None:
    found = ran(f"signals refit {tmp_path}/new.json --from {month} --until 2024-12 --watch-from 2025-01")
    assert (found.code, "no month as YYYY-MM" in found.err) == (2, True)


def test_a_warehouse_that_is_away_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    found = ran(f"signals refit {tmp_path}/new.json {MONTHS}")
    assert (found.code, "postgresql" in found.err) == (4, True)
    assert not (tmp_path / "new.json").exists()


def test_parameters_that_cannot_be_used_are_not_put_in_force(tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text("{}")
    found = ran(f"signals activate {tmp_path}/new.json --yes")
    assert (found.code, "signal parameters" in found.err) == (2, True)
    assert not (tmp_path / "pinned.json").exists()


def test_where_no_file_is_named_nothing_can_be_put_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PSO_SIGNAL_PARAMETERS_FILE")
    (tmp_path / "new.json").write_text("{}")
    found = ran(f"signals activate {tmp_path}/new.json")
    assert (found.code, "PSO_SIGNAL_PARAMETERS_FILE is not set" in found.err) == (2, True)
