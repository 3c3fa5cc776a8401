"""The short chaos run of every build: kill -9, pauses, restarts of PostgreSQL and the broker; nothing is lost or doubled."""

from pathlib import Path

import pytest

from deploy.dev.stack import Stack
from tests.chaos.run import Run
from tests.chaos.workload import plan

SEED = 7
EVENTS = 50_000


@pytest.mark.timeout(480)
def test_everything_accepted_is_in_the_warehouse_exactly_once_whatever_was_killed(tmp_path: Path) -> None:
    verdict = Run(tmp_path, SEED, EVENTS, seconds=60)()
    assert verdict["verdict"] == "exact", verdict
    assert verdict["faults_total"] >= 12
    assert {kind.split(" ")[0] for kind in verdict["faults"]} >= {"kill", "pause", "restart"}
    Stack.existing(tmp_path / "stack").wipe()


def test_the_plan_is_a_function_of_its_seed() -> None:
    assert plan(SEED, 500).batches == plan(SEED, 500).batches
    assert plan(SEED, 500).batches != plan(SEED + 1, 500).batches


def test_the_plan_holds_what_the_promise_is_about() -> None:
    made = plan(SEED, 5_000)
    lines = [line for _, batch in made.batches for line in batch]
    assert len(lines) > len(set(lines)), "duplicates"
    assert max(revision for _, _, revision in made.accepted) == 3, "corrections"
    assert any(event["action"] == "withdraw" for event in made.latest.values()), "withdrawals"
    assert made.refused["out_of_scope"] > 0, "events outside the scope"
