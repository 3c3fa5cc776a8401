"""`pso signals scan`: clusters in time and among neighbours, false discoveries among many series, faults with their place."""

import csv
import math
import random
from pathlib import Path

import pytest

from tests.unit.cli.running import Ran, ran

HEADER = "series,unit,events,expected\n"


def scanned(folder: Path, counts: str, options: str = "") -> Ran:
    (folder / "counts.csv").write_text(HEADER + counts)
    return ran(f"signals scan {folder}/counts.csv {folder}/out.csv {options}")


def read(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "out.csv").open() as file:
        return {row["series"]: row for row in csv.DictReader(file)}


def months(series: str, *events: int) -> str:
    return "".join(f"{series},2024-{month:02},{count},2\n" for month, count in enumerate(events, 1))


def test_the_interval_with_the_greatest_excess_is_told_and_the_same_again(tmp_path: Path) -> None:
    counts = months("pumps", 2, 1, 2, 9, 8, 2, 1, 2) + months("falls", 2, 2, 3, 2, 1, 2, 2, 2)
    assert scanned(tmp_path, counts).code == 0
    first = (tmp_path / "out.csv").read_bytes()
    out = read(tmp_path)
    assert (out["pumps"]["units"], out["pumps"]["events"], out["pumps"]["told"]) == ("2024-04 2024-05", "17", "1")
    assert float(out["pumps"]["p"]) <= float(out["pumps"]["q"]) < 0.05
    assert out["falls"]["told"] == "0"
    scanned(tmp_path, counts)
    assert (tmp_path / "out.csv").read_bytes() == first


def test_the_ratio_is_that_of_kulldorff(tmp_path: Path) -> None:
    c, total, e = 17, 27, 27 / 4
    expected = c * math.log(c / e) + (total - c) * math.log((total - c) / (total - e))
    scanned(tmp_path, months("pumps", 2, 1, 2, 9, 8, 2, 1, 2))
    assert float(read(tmp_path)["pumps"]["log_likelihood_ratio"]) == pytest.approx(expected, abs=1e-6)


def test_periods_that_are_numbers_are_in_the_order_of_numbers(tmp_path: Path) -> None:
    scanned(tmp_path, "".join(f"x,{day},{9 if day in (9, 10) else 1},1\n" for day in range(1, 21)))
    assert read(tmp_path)["x"]["units"] == "9 10"


def test_a_prospective_scan_looks_only_at_what_lasts_until_now(tmp_path: Path) -> None:
    scanned(tmp_path, months("pumps", 2, 1, 2, 9, 8, 2, 1, 2), "--ending-now")
    assert read(tmp_path)["pumps"]["told"] == "0"
    scanned(tmp_path, months("pumps", 2, 1, 2, 2, 1, 2, 9, 8), "--ending-now")
    assert read(tmp_path)["pumps"]["units"] == "2024-07 2024-08"


def test_neighbours_who_share_a_supplier_are_a_cluster_that_no_one_of_them_is(tmp_path: Path) -> None:
    (tmp_path / "graph.csv").write_text("unit,neighbour\n" + "".join(f"h0,h{other}\n" for other in range(1, 5)))
    counts = "".join(f"pumps,h{place},{4 if place < 5 else 1},1.5\n" for place in range(30))
    assert scanned(tmp_path, counts, f"--graph {tmp_path}/graph.csv").code == 0
    found = read(tmp_path)["pumps"]
    assert (found["units"], found["told"]) == ("h0 h1 h2 h3 h4", "1")
    (tmp_path / "graph.csv").write_text("unit,neighbour\n")
    scanned(tmp_path, counts, f"--graph {tmp_path}/graph.csv")
    assert read(tmp_path)["pumps"]["told"] == "0"


def test_of_many_series_without_a_cluster_hardly_one_is_told(tmp_path: Path) -> None:
    chance = random.Random(5)
    counts = "".join(
        months(f"s{n:03}", *(sum(chance.random() < 0.2 for _ in range(10)) for _ in range(12))) for n in range(100)
    )
    scanned(tmp_path, counts, "--simulations 199")
    out = read(tmp_path).values()
    assert sum(float(row["p"]) <= 0.05 for row in out) >= 1, "by chance alone some are below 0.05"
    assert sum(int(row["told"]) for row in out) == 0
    scanned(tmp_path, counts, "--simulations 199 --any-dependence")
    assert sum(int(row["told"]) for row in read(tmp_path).values()) == 0


@pytest.mark.parametrize(
    ("counts", "options", "told"),
    [
        ("x,1,two,1\n", "", "counts.csv: row 2, column events: not a number"),
        ("x,1,2.5,1\n", "", "counts.csv: row 2, column events: no whole number"),
        ("x,1,-1,1\n", "", "counts.csv: row 2, column events: no whole number"),
        ("x,1,2,0\n", "", "counts.csv: row 2, column expected: not above zero"),
        ("x,1,2,1\nx,1,2,1\n", "", "counts.csv: row 3, column unit: a second time in its series"),
        (",1,2,1\n", "", "counts.csv: row 2, column series: empty"),
        ("", "", "counts.csv: no rows"),
        ("x,1,2,1\n", "--graph nowhere.csv", "nowhere.csv: cannot be read"),
    ],
)
def test_a_fault_ends_the_scan_with_its_place_and_writes_nothing(tmp_path: Path, counts: str, options: str, told: str) -> None:
    found = scanned(tmp_path, counts, options)
    assert found.code == 1
    assert told in found.err
    assert not (tmp_path / "out.csv").exists()
