"""pso-produce quality: of a file before it is sent, or of what waits; numbers and field names, never a value."""

import json
from pathlib import Path

from producers.failure import ExitCode
from tests.unit.producers.test_commands import BAD, CAERS, GOOD, produce

FALL = b'{"event_id": "evt-3", "report_type": "near_miss", "categories": ["fall", "other"], "report_date": "2024-05-17"}\n'


def figures(stdout: str) -> dict[tuple[str, str], tuple[int, int]]:
    lines = [json.loads(line) for line in stdout.splitlines()]
    return {(one["measure"], one["field"]): (one["part"], one["whole"]) for one in lines if one["kind"] == "quality"}


def test_a_file_is_counted_and_nothing_is_stored(tmp_path: Path) -> None:
    ran = produce(tmp_path, "quality", "-", "--format", "jsonl", "--json", data=GOOD + FALL)
    assert (ran.returncode, list(tmp_path.iterdir())) == (ExitCode.OK, [])
    found = figures(ran.stdout)
    assert found["complete", "categories"] == (1, 2)
    assert found["complete", "harm"] == (0, 1), "a near miss has none"
    assert found["vague", "categories"] == (1, 2)
    assert found["vague", "setting"] == (2, 2)


def test_people_read_the_worst_first_and_only_what_is_left(tmp_path: Path) -> None:
    ran = produce(tmp_path, "quality", "-", "--format", "jsonl", data=FALL)
    assert ran.stdout.splitlines() == [
        "1 events, 0 faults",
        "complete: 33.3%",
        "  category_other: 0 of 1",
        "  contributing_factors: 0 of 1",
        "  narratives: 0 of 1",
        "  reporter.role: 0 of 1",
        "  setting: 0 of 1",
        "vague: 66.7%",
        "  setting: 1 of 1",
        "  categories: 1 of 2",
    ]


def test_rows_with_faults_are_left_out_and_said(tmp_path: Path) -> None:
    ran = produce(tmp_path, "quality", "-", "--format", "jsonl", data=GOOD + BAD)
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (ExitCode.FOUND, "1 events, 1 faults")


def test_values_that_the_mapping_could_not_place_are_counted_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(
        'name = "m"\nversion = 1\ndescription = "d"\n[constants]\nreport_type = "incident"\n'
        '[[field]]\nto = "patient.sex"\ncolumn = "sex"\notherwise = "unknown"\n[field.values]\nFemale = "female"\n'
    )
    (tmp_path / "caers.csv").write_bytes(CAERS)
    ran = produce(tmp_path, "quality", "caers.csv", "--mapping", "map.toml", "--json")
    assert figures(ran.stdout)["unmapped", "patient.sex"] == (1, 3), ran.stderr
    assert "Unclear" not in ran.stdout + ran.stderr


def test_what_waits_in_the_outbox_is_counted_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(GOOD + FALL)
    assert produce(tmp_path, "send", "events.jsonl", "--timeout", "1").returncode == ExitCode.UNAVAILABLE
    ran = produce(tmp_path, "quality")
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (ExitCode.OK, "2 events, 0 faults")
    assert "0 events were sent and are not in it any more" in ran.stderr


def test_without_file_and_outbox_it_says_what_is_missing(tmp_path: Path) -> None:
    assert "there is no outbox" in produce(tmp_path, "quality").stderr
