"""`pso signals chart`: files in and out, and a chart with a fault that does not keep the others."""

import csv
from pathlib import Path

import pytest

from tests.unit.cli.running import Ran, ran

POINTS = "chart_id,point,y,n,in_baseline,excluded,rebase_group\n"
GOOD = "falls,2,4,100,1,0,\nfalls,1,2,100,1,0,\nfalls,3,90,100,0,0,\n"


def charted(folder: Path, points: str, charts: str, options: str = "") -> Ran:
    (folder / "p.csv").write_text(points)
    (folder / "c.csv").write_text("chart_id,type\n" + charts)
    return ran(f"signals chart {folder}/p.csv {folder}/out.csv --charts {folder}/c.csv {options}")


def read(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open() as file:
        return list(csv.DictReader(file))


def test_every_point_gets_its_limits_and_flags_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert charted(tmp_path, POINTS + GOOD, "falls,u\n").code == 0
    out = read(tmp_path)
    assert [row["point"] for row in out] == ["2", "1", "3"]
    assert list(out[0]) == ["chart_id", "point", "value", "cl", "lcl", "ucl", "out", "longest_run", "crossings", "runs_signal"]
    assert [row["out"] for row in out] == ["0", "0", "1"]
    assert {row["cl"] for row in out} == {"0.03"}
    assert float(out[0]["ucl"]) == pytest.approx(0.03 + 3 * (0.03 / 100) ** 0.5)
    assert (out[0]["longest_run"], out[0]["crossings"], out[0]["runs_signal"]) == ("2", "1", "0")


def test_points_that_are_numbers_or_days_are_charted_in_their_order(tmp_path: Path) -> None:
    days = "".join(f"x,2024-01-{day:02},{y},,,,\n" for day, y in ((3, 5), (1, 1), (2, 1)))
    assert charted(tmp_path, POINTS + days, "x,i\n").code == 0
    assert float(read(tmp_path)[0]["ucl"]) == pytest.approx(7 / 3 + 3 / 1.128 * 2)  # ranges 0 and 4, not 4 and 0 of the file


@pytest.mark.parametrize(
    ("points", "charts", "told"),
    [
        ("bad,1,x,5,,,\n", "bad,u\n", "p.csv row 5, column y: not a number"),
        ("bad,1,2,5,maybe,,\n", "bad,u\n", "p.csv row 5, column in_baseline: neither 1 nor 0"),
        ("bad,1,2,0,,,\n", "bad,u\n", "p.csv row 5: column n: zero where something was counted"),
        ("bad,1,2,5,,,\nbad,1,2,5,,,\n", "bad,u\n", "p.csv row 5: a chart with the same point twice"),
        ("bad,1,2,5,,,\n", "bad,q\n", "c.csv row 3, column type: not one of"),
        ("bad,1,2,5,,,\n", "", "c.csv: no type for the chart of p.csv row 5"),
        ("", "falls,c\n", "c.csv row 3, column chart_id: a second time"),
        ("", "other,c\n", "p.csv: no points of chart 2 of c.csv"),
    ],
)
def test_a_chart_with_a_fault_is_told_and_the_others_go_on(tmp_path: Path, points: str, charts: str, told: str) -> None:
    found = charted(tmp_path, POINTS + GOOD + points, "falls,u\n" + charts)
    assert found.code == 3
    assert told in found.err
    assert [row["chart_id"] for row in read(tmp_path)] == ["falls"] * 3


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ("chart_id,y\nfalls,1\n", "there must be exactly one column point"),
        (POINTS + "falls,1,2\n", "row 2: 3 cells, the header has 7"),
        (POINTS + 'falls,1,"2\n', "a quote is left open"),
    ],
)
def test_a_file_that_is_no_table_leaves_what_was_there(tmp_path: Path, points: str, told: str) -> None:
    (tmp_path / "out.csv").write_text("before")
    found = charted(tmp_path, points, "falls,u\n")
    assert found.code == 1
    assert told in found.err
    assert (tmp_path / "out.csv").read_text() == "before"


def test_columns_that_may_be_absent(tmp_path: Path) -> None:
    assert charted(tmp_path, "chart_id,point,y\nx,1,3\nx,2,4\n", "x,c\n").code == 0


def test_the_same_points_make_the_same_bytes(tmp_path: Path) -> None:
    charted(tmp_path, POINTS + GOOD, "falls,u\n")
    first = (tmp_path / "out.csv").read_bytes()
    charted(tmp_path, POINTS + GOOD, "falls,u\n")
    assert (tmp_path / "out.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("nowhere.csv out.csv --charts c.csv", "nowhere.csv: cannot be read (No such file or directory)"),
        ("p.csv no/out.csv --charts c.csv", "out.csv: cannot be written (No such file or directory)"),
        ("p.csv out.csv --charts c.csv --svg p.csv/x", "x: cannot be made (Not a directory)"),
    ],
)
def test_a_file_that_is_not_there_or_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, told: str
) -> None:
    charted(tmp_path, POINTS + GOOD, "falls,u\n")
    monkeypatch.chdir(tmp_path)
    found = ran(f"signals chart {words}")
    assert found.code == 1
    assert told in found.err
