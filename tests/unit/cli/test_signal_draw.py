"""`pso signals draw` and the pictures of `pso signals chart`: files, names of files, faults."""

from pathlib import Path

import pytest

from tests.unit.cli.running import ran

TABLES = {
    "funnel": "unit,y,n\na,4,1000\nb,9,2000\n",
    "proportions": "unit,y,n\na,4,10\nb,9,20\n",
    "forest": "product,symptom,n,ebgm,eb05,eb95\nA,RASH,16,23.26,15.68,33.48\n",
    "maxsprt": "events,expected\n0,0.2\n4,0.5\n",
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_picture_of_each_kind(tmp_path: Path, kind: str) -> None:
    (tmp_path / "in.csv").write_text(TABLES[kind])
    assert ran(f"signals draw {kind} {tmp_path}/in.csv {tmp_path}/out.svg --title 'Air embolism'").code == 0
    text = (tmp_path / "out.svg").read_text()
    assert text.startswith("<svg ")
    assert "Air embolism" in text


@pytest.mark.parametrize(
    ("kind", "table", "told"),
    [
        ("funnel", "unit,y,n\na,4,0\n", "row 2, column n: not above zero"),
        ("funnel", "unit,y,n\na,-4,5\n", "row 2, column y: negative"),
        ("proportions", "unit,y,n\na,6,5\n", "row 2, column y: negative, or more than n"),
        ("forest", "p,s,n,ebgm,eb05,eb95\nA,B,1,2,3,4\n", "row 2, column eb05"),
        ("maxsprt", "events,expected\n3,1\n2,2\n", "look 2: cumulative numbers never fall"),
        ("maxsprt", "events,expected\n3,11\n", "every look is beyond T"),
        ("funnel", "unit,y,n\n", "no rows"),
    ],
)
def test_a_table_that_cannot_be_drawn(tmp_path: Path, kind: str, table: str, told: str) -> None:
    (tmp_path / "in.csv").write_text(table)
    found = ran(f"signals draw {kind} {tmp_path}/in.csv {tmp_path}/out.svg")
    assert found.code == 1
    assert told in found.err
    assert not (tmp_path / "out.svg").exists()


def test_pictures_of_charts_are_named_after_them_where_that_is_a_name_of_a_file(tmp_path: Path) -> None:
    names = ("falls", "../../escape", "with space")
    (tmp_path / "c.csv").write_text("chart_id,type\n" + "".join(f"{name},c\n" for name in names))
    (tmp_path / "p.csv").write_text("chart_id,point,y\n" + "".join(f"{name},{at},3\n" for name in names for at in (1, 2)))
    assert ran(f"signals chart {tmp_path}/p.csv {tmp_path}/o.csv --charts {tmp_path}/c.csv --svg {tmp_path}/a/b").code == 0
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == ["chart-2.svg", "chart-3.svg", "falls.svg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c.csv", "o.csv", "p.csv"]
