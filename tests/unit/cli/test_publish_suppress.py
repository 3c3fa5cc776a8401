"""`pso publish suppress` as its users see it: the file, the report, the exit code, and no count on any stream."""

import json
from pathlib import Path

import pytest

from stream_processors.cli import exit_codes
from stream_processors.cli.program import main

HEADER = "table_id,row,col,layer,count"
SMALL = [
    "falls,a,x,,4", "falls,a,y,,40", "falls,a,*,,44",
    "falls,b,x,,60", "falls,b,y,,30", "falls,b,*,,90",
    "falls,*,x,,64", "falls,*,y,,70", "falls,*,*,,134",
]  # fmt: skip
WRONG = [line.replace("falls", "blood").replace(",134", ",8765") for line in SMALL]


def run(folder: Path, lines: list[str], *words: str) -> int:
    """Runs the command in a folder."""
    (folder / "tables.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(SystemExit) as ended:
        main(["publish", "suppress", str(folder / "tables.csv"), str(folder / "out.csv"), *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_hidden_cells_are_empty_and_the_order_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shuffled = [SMALL[i] for i in (8, 0, 3, 1, 2, 7, 5, 4, 6)]
    assert run(tmp_path, [HEADER, *shuffled], "--json") == exit_codes.OK
    header, *rows = (tmp_path / "out.csv").read_text().splitlines()
    assert header == "table_id,row,col,layer,published"
    assert [row.rpartition(",")[0] for row in rows] == [line.rpartition(",")[0] for line in shuffled]
    assert [row.rpartition(",")[2] for row in rows] == ["134", "", "", "", "44", "70", "90", "", "64"]
    (report,) = json.loads(capsys.readouterr().out)["tables"]
    assert (report["primary"], report["complementary"], report["optimal"]) == (1, 3, True)
    assert report["smallest_interval"] == 9


def test_a_table_that_does_not_add_up_is_hidden_completely_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, [HEADER, *WRONG, *SMALL]) == exit_codes.FOUND
    rows = (tmp_path / "out.csv").read_text().splitlines()[1:]
    assert [row for row in rows if row.startswith("blood") and not row.endswith(",")] == []
    assert sum(row.startswith("falls") and not row.endswith(",") for row in rows) == 5
    said = capsys.readouterr().err
    assert "line 10, table blood: the total is not the sum of its cells" in said
    assert "8765" not in said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["table,row,col,layer,count", *SMALL], "line 1: the columns must be table_id,row,col,layer,count"),
        ([HEADER, *SMALL, ",a,x,,4"], "line 11: the cell belongs to no table"),
        ([HEADER, 'falls,"a,x,,4'], "this is no CSV in UTF-8"),
        ([], "line 1: the columns must be"),
    ],
)
def test_what_is_no_file_of_tables_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], said: str
) -> None:
    assert run(tmp_path, lines) == exit_codes.FAILED
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_a_row_with_a_field_too_many_withholds_its_table(tmp_path: Path) -> None:
    assert run(tmp_path, [HEADER, "falls,a,x,,4,0", *SMALL[1:]]) == exit_codes.FOUND
    assert all(row.endswith(",") for row in (tmp_path / "out.csv").read_text().splitlines()[1:])


def test_a_threshold_below_the_protection_is_kept_from_one_who_does_not_know_it_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, [HEADER, *SMALL], "--threshold", "5") == exit_codes.OK
    said = capsys.readouterr().err
    assert "one who knows the rule narrows 4 of its 4 hidden counts further" in said
    assert "1 not protected from one who knows the rule" in said
    assert run(tmp_path, [HEADER, *SMALL], "--threshold", "5", "--attacker", "informed") == exit_codes.OK
    assert "hiding cells cannot prevent it" in capsys.readouterr().err
    assert run(tmp_path, [HEADER, *SMALL], "--threshold", "5", "--protection", "4") == exit_codes.OK
    assert "knows the rule" not in capsys.readouterr().err


def test_a_policy_that_cannot_hold_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, [HEADER, *SMALL], "--threshold", "0") == exit_codes.USAGE
