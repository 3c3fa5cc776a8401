"""`pso signals watch`: files in and out, rows with faults, days as dates and as numbers."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.unit.cli.running import Ran, ran

HEADER = "series,event_id,provider,day,report_day\n"
PROVIDERS = "provider,discharges_per_year\n" + "".join(
    f"p{n},{size}\n" for n, size in enumerate((400_000, 200_000, *[50_000] * 8))
)
SERIES = "series,baseline_per_100k_discharges\nwrong-site,1\n"


def usual() -> list[tuple[str, int, int]]:
    """Provider, day and day of report of two years of chance."""
    random = np.random.default_rng(4)
    days = random.integers(0, 730, 20)
    return [(f"p{at % 2}", int(day), int(day) + at % 5) for at, day in enumerate(days) if not 440 <= day <= 560]


CLUSTER = [(f"p{n + 2}", 500 + 3 * n, 501 + 3 * n) for n in range(7)]


def rows(events: list[tuple[str, int, int]], start: date | None = None) -> str:
    def day(number: int) -> str:
        return str(number) if start is None else (start + timedelta(number)).isoformat()

    return "".join(f"wrong-site,e{at},{p},{day(d)},{day(r)}\n" for at, (p, d, r) in enumerate(events))


def watched(folder: Path, events: str, options: str = "", series: str = SERIES, providers: str = PROVIDERS) -> Ran:
    for name, text in (("e", HEADER + events), ("p", providers), ("s", series)):
        (folder / f"{name}.csv").write_text(text)
    files = f"{folder}/e.csv {folder}/a.csv --providers {folder}/p.csv --series {folder}/s.csv"
    return ran(f"signals watch {files} --false-alarms 2 {options}")


def test_a_cluster_is_an_alarm_and_the_history_is_none(tmp_path: Path) -> None:
    found = watched(tmp_path, rows(usual() + CLUSTER))
    assert found.code == 0, found.err
    header, *alarms = (tmp_path / "a.csv").read_text().splitlines()
    assert header == "series,alarm_day,score"
    days = [int(line.split(",")[1]) for line in alarms]
    assert any(501 <= day <= 525 for day in days)
    assert min(days) >= 365
    assert all(float(line.split(",")[2]) >= 0 for line in alarms)


def test_dates_are_the_same_days_as_numbers(tmp_path: Path) -> None:
    watched(tmp_path, rows([("p0", 0, 0), *usual(), *CLUSTER]))
    numbers = [line.split(",")[1] for line in (tmp_path / "a.csv").read_text().splitlines()[1:]]
    start = date(2023, 2, 1)
    watched(tmp_path, rows([("p0", 0, 0), *usual(), *CLUSTER], start))
    dates = [line.split(",")[1] for line in (tmp_path / "a.csv").read_text().splitlines()[1:]]
    assert dates == [(start + timedelta(int(number))).isoformat() for number in numbers] != []


def test_the_order_of_the_rows_and_a_row_that_comes_twice_change_nothing(tmp_path: Path) -> None:
    text = rows(usual() + CLUSTER)
    watched(tmp_path, text)
    first = (tmp_path / "a.csv").read_bytes()
    assert watched(tmp_path, "".join(reversed(text.splitlines(keepends=True))) + text).code == 0
    assert (tmp_path / "a.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("wrong-site,x,p99,1,2\n", "column provider: not in the file of providers"),
        ("no-such,x,p1,1,2\n", "column series: not in the file of series"),
        ("wrong-site,x,p1,5,4\n", "column report_day: before the day of the event"),
        ("wrong-site,x,p1,5,\n", "column report_day: empty"),
        ("wrong-site,,p1,5,6\n", "column event_id: empty"),
        ("wrong-site,x,p1,5th,6\n", "column day: neither a day"),
    ],
)
def test_a_row_with_a_fault_is_left_out_and_told(tmp_path: Path, row: str, told: str) -> None:
    watched(tmp_path, rows(usual() + CLUSTER))
    before = (tmp_path / "a.csv").read_bytes()
    found = watched(tmp_path, row + rows(usual() + CLUSTER))
    assert found.code == 3
    assert f"e.csv: row 2, {told}" in found.err
    assert (tmp_path / "a.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"providers": "provider,discharges_per_year\np0,0\n"}, "p.csv: row 2, column discharges_per_year: not above zero"),
        ({"providers": "provider,discharges_per_year\np0,1\np0,2\n"}, "p.csv: row 3, column provider: a second time"),
        ({"series": "series,baseline_per_100k_discharges\n"}, "s.csv: no rows"),
        ({"series": "series\nwrong-site\n"}, "s.csv: there must be exactly one column baseline_per_100k_discharges"),
    ],
)
def test_a_wrong_denominator_stops_everything(tmp_path: Path, files: dict[str, str], told: str) -> None:
    found = watched(tmp_path, rows(usual()), **files)
    assert found.code == 1
    assert told in found.err
    assert not (tmp_path / "a.csv").exists()


def test_dates_and_numbers_do_not_mix(tmp_path: Path) -> None:
    found = watched(tmp_path, rows(usual()) + "wrong-site,x,p1,2024-01-01,2024-01-02\n")
    assert found.code == 1
    assert "some days are dates and some are numbers" in found.err


def test_no_event_at_all_is_no_alarm(tmp_path: Path) -> None:
    assert watched(tmp_path, "").code == 0
    assert (tmp_path / "a.csv").read_text() == "series,alarm_day,score\n"
