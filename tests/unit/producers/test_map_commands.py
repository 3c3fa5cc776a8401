"""`pso-produce map` as its users see it: a proposal that `check` takes, a trial on history, a row explained without values."""

import json
from pathlib import Path

import pytest

from producers.failure import ExitCode
from tests.support.exports import layouts
from tests.support.exports.truth import truths
from tests.unit.producers.test_commands import produce

EXPORT = layouts.american(truths(seed=3, count=60))
MAPPING = """name = "mine"
version = 1
external_id = "Nr"
[constants]
report_type = "incident"
[defaults]
setting = "home"
[[field]]
to = "harm"
column = "Harm"
crosswalk = "harm/nrls"
otherwise = "unknown"
[[field]]
to = "patient.age_years"
column = "Age"
[[field]]
to = "patient.family"
column = "Name"
"""
ROWS = (
    b"Nr,Harm,Age,Name,Spare\n"
    + b"".join(b"%d,Grave,74,Quartermain,x\n" % n for n in range(6))
    + b"7,Death,old,Null,\n8,Odd,,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "export.csv").write_bytes(EXPORT)
    (tmp_path / "rows.csv").write_bytes(ROWS)
    (tmp_path / "mine.toml").write_text(MAPPING)
    return tmp_path


def test_a_proposal_is_written_and_taken_by_check_without_a_change(folder: Path) -> None:
    ran = produce(folder, "map", "suggest", "export.csv", "--out", "my.toml", PSO_PRODUCE_PROVIDER="")
    assert (ran.returncode, ran.stdout) == (ExitCode.OK, "")
    assert ran.stderr.startswith("export.csv: ")
    checked = produce(folder, "check", "export.csv", "--mapping", "my.toml")
    assert (checked.returncode, checked.stderr.splitlines()[-1]) == (ExitCode.OK, "export.csv: 60 events, 0 faults")


def test_a_proposal_never_replaces_a_file(folder: Path) -> None:
    ran = produce(folder, "map", "suggest", "export.csv", "--out", "mine.toml")
    assert (ran.returncode, (folder / "mine.toml").read_text()) == (ExitCode.USAGE, MAPPING)


def test_proposals_as_json_lines(folder: Path) -> None:
    *fields, summary = map(json.loads, produce(folder, "map", "suggest", "export.csv", "--json").stdout.splitlines())
    harm = next(field for field in fields if field["to"] == "harm")
    assert (harm["column"], harm["crosswalk"], harm["after"], harm["question"]) == ("SeverityLevel", "harm/ahrq_1_2", " - ", "")
    assert (summary["rows"], summary["external_id"]) == (60, "FileID")


def test_a_trial_reports_rows_columns_unmapped_values_and_completeness(folder: Path) -> None:
    ran = produce(folder, "map", "test", "rows.csv", "--mapping", "mine.toml")
    assert ran.returncode == ExitCode.FOUND
    assert ran.stdout.splitlines() == [
        "rows 8, events 7, rows refused 1 (12.5%)",
        "refused: Age: invalid: 1 rows",
        "column not used: Spare",
        "unmapped: Harm -> harm: 'Grave': 6 cells",
        "unmapped: Harm -> harm: 1 more values, not shown, in 1 cells",
        "complete: harm: in the file 100.0%, mapped 0.0%",
        "complete: harm_original: in the file 100.0%, mapped 100.0%",
        "complete: harm_scale: in the file 100.0%, mapped 100.0%",
        "complete: patient.age_years: in the file 85.7%, mapped 85.7%",
        "complete: patient.family: in the file 85.7%, mapped 85.7%",
    ]
    lines = [
        json.loads(line)
        for line in produce(folder, "map", "test", "rows.csv", "--mapping", "mine.toml", "--json").stdout.splitlines()
    ]
    assert lines[-1] == {
        "kind": "summary", "rows": 8, "events": 7, "refused": 1, "used": ["Nr", "Harm", "Age", "Name"], "unused": ["Spare"],
    }  # fmt: skip
    assert {"kind": "unmapped", "column": "Harm", "to": "harm", "values": {"Grave": 6}, "hidden": 1, "hidden_cells": 1} in lines


def test_a_row_is_explained_by_columns_and_rules_and_not_by_values(folder: Path) -> None:
    ran = produce(folder, "map", "explain", "rows.csv", "--mapping", "mine.toml", "--row", "2")
    assert ran.returncode == ExitCode.OK
    assert [line.split("\t") for line in ran.stdout.splitlines()] == [
        ["external_ids[]", "Nr", "external_id", "filled; the event id is derived from it"],
        ["harm", "Harm", "crosswalk harm/nrls", "filled by `otherwise`"],
        ["harm_original", "Harm", "crosswalk harm/nrls", "filled"],
        ["harm_scale", "Harm", "crosswalk harm/nrls", "filled"],
        ["patient.age_years", "Age", "as written", "filled"],
        ["patient.family", "Name", "as written", "filled"],
        ["report_type", "-", "constant", "filled"],
        ["setting", "-", "default", "filled"],
    ]


def test_values_are_shown_to_those_who_ask(folder: Path) -> None:
    words = ("map", "explain", "rows.csv", "--mapping", "mine.toml", "--row", "8", "--show-values", "--json")
    found = {line["to"]: line for line in map(json.loads, produce(folder, *words).stdout.splitlines())}
    assert (found["harm"]["written"], found["harm"]["value"]) == (["Death"], "death")
    assert found["patient.age_years"]["outcome"] == "refused: invalid: a whole number"


WRONG = [
    (("explain", "rows.csv", "--mapping", "mine.toml", "--row", "99"), ExitCode.USAGE, "no row 99", "no such row"),
    (("test", "export.csv", "--mapping", "mine.toml"), ExitCode.FOUND, "column 'Harm': the mapping needs", "another file"),
    (("suggest", "none.csv"), ExitCode.FAILED, "none.csv: No such file", "no file"),
]


@pytest.mark.parametrize(("words", "code", "told"), [row[:3] for row in WRONG], ids=[row[3] for row in WRONG])
def test_wrong_use_is_answered(folder: Path, words: tuple[str, ...], code: ExitCode, told: str) -> None:
    ran = produce(folder, "map", *words)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr


def test_an_empty_file_has_no_columns(folder: Path) -> None:
    ran = produce(folder, "map", "suggest", "-")
    assert ran.returncode == ExitCode.FOUND
    assert "the first row must name the columns" in ran.stderr
