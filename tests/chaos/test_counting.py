"""The short chaos run of counting in every build, and the parts of its judge, which must see what is wrong."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.dev.stack import Stack
from tests.chaos.counting import Run
from tests.chaos.counting_load import counting_load
from tests.chaos.counting_records import counted, heard, latest
from tests.chaos.fault_points import BEGIN, FENCED, KILL, PAUSE, SAID, SHUT_OUT, FaultPoints, Line
from tests.chaos.team import REPOSITORY
from tests.chaos.zombies import NEVER_SPOKE, WROTE, fates

SEED = 10652
"""Its schedule kills within a catch-up and a take-over, and makes a zombie while there are three workers."""
EVENTS = 4_000
SECONDS = 16.0


@pytest.mark.timeout(480)
def test_every_cell_is_exact_in_memory_on_the_topic_and_in_postgresql_whoever_was_killed_or_woke(tmp_path: Path) -> None:
    verdict = Run(tmp_path, SEED, EVENTS, SECONDS, servers=False)()
    assert verdict["verdict"] == "exact", verdict
    assert verdict["workers"] == [1, 3, 2]
    assert verdict["zombies"].keys() <= {FENCED, NEVER_SPOKE}, verdict  # whether one wakes too late is for the machine to say
    assert len(verdict["faults_at_points"]) >= 4, verdict
    assert all(verdict["compacted_away"].values()), verdict
    Stack.existing(tmp_path / "stack").wipe()


def test_the_load_is_a_function_of_its_seed() -> None:
    assert counting_load(SEED, 500).lines == counting_load(SEED, 500).lines
    assert counting_load(SEED, 500).lines != counting_load(SEED + 1, 500).lines


def test_the_load_holds_what_makes_counting_hard() -> None:
    load = counting_load(SEED, 5_000)
    revisions = [(event["event_id"], event["revision"]) for _, event in load.lines]
    contents = {
        (*revision, str(sorted(event["categories"]))) for revision, (_, event) in zip(revisions, load.lines, strict=True)
    }
    newest: dict[str, int] = {}
    late = 0
    for event_id, revision in revisions:
        late += revision < newest.get(event_id, 0)
        newest[event_id] = max(revision, newest.get(event_id, 0))
    for kind in ("correct of report", "withdraw of report", "correct of withdraw", "duplicates"):
        assert load.drawn[kind] > 100, kind
    assert late > 100, "an older revision after a newer one"
    assert len(revisions) > len(set(revisions)) + 500, "duplicates"
    assert len(contents) > len(set(revisions)) + 20, "contents that claim one revision"
    assert sum(event["event_date"] < "2025-08-27" for event in load.latest.values()) > 100, "told after more than 400 days"


def contribution(revision: int, *cells: Any, withdrawn: bool = False, **more: Any) -> dict[str, Any]:
    return {"provider": "p", "event_id": "e", "revision": revision, "withdrawn": withdrawn, "cells": list(cells), **more}


def test_cells_are_counted_by_the_text_of_their_keys_and_members_are_not() -> None:
    told = contribution(1, {"category": "fall", "harm": "none"}, members=["state/OR"])
    assert counted([told]) == {("fall/none", "p"): 1}
    assert counted([contribution(2, {"category": "fall"}, withdrawn=True)]) == {}


TABLE = [
    (contribution(2), contribution(3), "the higher revision"),
    (contribution(3), contribution(3, withdrawn=True), "a withdrawal, of one revision"),
    (contribution(1, {"c": "a"}), contribution(1, {"c": "b"}), "the greater cells"),
    (
        contribution(1, {"c": "b"}, cubes_version=1),
        contribution(1, {"c": "a"}, cubes_version=2),
        "cells of a newer declaration",
    ),
    (contribution(1, cube_cells=["x/a"]), contribution(1, cube_cells=["x/b"]), "the greater cells of cubes"),
]


@pytest.mark.parametrize(("less", "more", "remark"), TABLE, ids=[row[2] for row in TABLE])
def test_of_two_contributions_of_one_event_that_counts_whichever_came_last(less: Any, more: Any, remark: str) -> None:
    assert latest([less, more]) == latest([more, less]) == {("p", "e"): more}, remark


def test_a_stale_count_that_was_written_last_is_seen_by_a_reader_after_compaction() -> None:
    said = [{"cell": "c", "contributor": "p", "partition": 0, "count": count, "version": count} for count in (1, 2, 1)]
    assert heard(said, highest=True) == {("c", "p"): 2}
    assert heard(said, highest=False) == {("c", "p"): 1}


PAUSED: Line = {"at": 1.0, "pid": 7, "what": PAUSE, "point": BEGIN, "partition": 0}
TAKEN: Line = {"at": 4.0, "pid": 8, "what": SHUT_OUT, "partition": 0}
ELSEWHERE: Line = TAKEN | {"partition": 1}


def spoke(what: str, at: float = 5.0) -> Line:
    return {"at": at, "pid": 7, "what": what, "partition": 0}


ZOMBIES = [
    ([PAUSED, spoke(FENCED)], [TAKEN], {FENCED: 1}, "it was refused"),
    ([PAUSED, spoke(SAID)], [TAKEN], {WROTE: 1}, "it wrote"),
    ([PAUSED, spoke(FENCED)], [], {FENCED: 1}, "it was refused, for one who did not live to tell"),
    ([PAUSED], [TAKEN], {NEVER_SPOKE: 1}, "it was killed in its sleep"),
    ([PAUSED, spoke(SAID)], [ELSEWHERE], {}, "nobody had taken its partition"),
    ([PAUSED, spoke(SAID, at=3.0)], [TAKEN], {}, "it woke before"),
    ([PAUSED | {"point": SAID}, spoke(SAID)], [TAKEN], {}, "it had said everything before it paused"),
]


@pytest.mark.parametrize(("mine", "other", "found", "remark"), ZOMBIES, ids=[row[3] for row in ZOMBIES])
def test_a_zombie_is_one_whose_partition_was_taken_while_it_slept(
    mine: list[Line], other: list[Line], found: dict[str, int], remark: str
) -> None:
    assert fates([mine, other]) == found, remark


def test_an_order_is_obeyed_at_its_point_once_and_leaves_a_line(tmp_path: Path) -> None:
    points = FaultPoints(tmp_path, "worker")
    points.order(KILL, BEGIN)
    program = f"from tests.chaos.fault_points import *; [FaultPoints(Path({str(tmp_path)!r}), 'worker').reached(BEGIN, 3)]"
    ends = [subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=False).returncode for _ in range(2)]
    assert ends == [-9, 0]
    assert [(line["what"], line["point"], line["partition"]) for line in points.journal()] == [(KILL, BEGIN, 3)]
    assert not points.ordered(BEGIN)
