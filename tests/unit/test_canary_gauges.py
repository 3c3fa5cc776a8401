"""A round as gauges and as JSON: grades, types and numbers, and no figure where nothing could be judged."""

import json
import re

from prometheus_client import CollectorRegistry, generate_latest

from schemas.grades import Grade
from stream_processors.cli.canaries import described, show
from stream_processors.domain.canaries.judgement import GRADES, End, Withheld, judged
from stream_processors.metrics import CanaryMetrics
from stream_processors.runtime.canary_round import Round
from tests.support.canary_flow import canaries

SOME = canaries(40)
CLEAN = Round(40, judged(End(grade, one.labels, "[ID]") for one in SOME for grade in GRADES), 2.0)
WITHHELD = Round(40, judged(End(grade, one.labels, Withheld.QUARANTINED) for one in SOME for grade in GRADES), 2.0)
LOST = Round(40, judged(End(grade, one.labels, Withheld.LOST) for one in SOME for grade in GRADES), 2.0)


def page(*rounds: Round) -> str:
    metrics = CanaryMetrics(CollectorRegistry(), "test")
    for one in rounds:
        show(metrics, one)
    return generate_latest(metrics.registry).decode()


def test_recall_and_its_floor_stand_beside_each_other_by_grade_and_type() -> None:
    shown = page(CLEAN)
    assert 'pso_canary_recall{grade="P1",type="name"} 1.0' in shown
    assert 'pso_canary_recall_floor{grade="P1",type="name"} 0.95' in shown
    assert 'pso_canary_false_removal{grade="P2"} 1.0' in shown
    assert 'pso_canary_recall{grade="P1",type="date"}' not in shown, "dates may stay in P1"
    assert set(re.findall(r"pso_canary_recall\{([^}]*)\}", shown)) == set(
        re.findall(r"pso_canary_recall_floor\{([^}]*)\}", shown)
    )


def test_a_round_of_which_nothing_came_out_leaves_no_old_recall_behind() -> None:
    shown = page(CLEAN, WITHHELD)
    assert "pso_canary_recall{" not in shown
    assert "pso_canary_recall_floor{" in shown
    assert 'pso_canary_quarantined{grade="P2"} 40.0' in shown
    assert 'pso_canary_lost{grade="P2"} 0.0' in shown


def test_the_labels_are_grades_and_types_and_nothing_else() -> None:
    assert set(re.findall(r'(\w+)="', page(CLEAN, LOST))) == {"grade", "type", "version"}


def test_what_is_said_as_json_holds_no_word_of_a_narrative() -> None:
    said = json.dumps(described(LOST))
    assert json.loads(said)["lost"] == {"P1": 40, "P2": 40}
    assert not json.loads(said)["clean"]
    for _, (text, identifiers, _) in SOME:
        assert not any(text[start:end] in said for start, end, _ in identifiers if end - start > 6)
    assert described(CLEAN)["recall"][Grade.P2]["name"] == 1.0
