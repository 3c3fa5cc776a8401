"""The classifier on narratives written by hand that no generator wrote: floors that it meets.

The floors are below what was measured (docs/classification.md), so that another build of the same model passes and a worse one
fails. The texts are invented. No training reads them, but lines were written after looking at their mistakes: they watch for
what gets worse, and say little about narratives of others.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.judging import Judged, judgement
from tests.support.classifiers import SHIPPED

FOLDER = Path(__file__).parents[2] / "evaluation"
NARRATIVES = FOLDER / "narratives.jsonl"
OTHER_AUTHOR = FOLDER / "other_author.jsonl"
"""Scored, never read: whoever looks at its texts or single answers has no sealed set any more."""
LINES = [json.loads(line) for line in NARRATIVES.read_text(encoding="utf-8").splitlines()]


def judged(line: dict[str, Any]) -> Judged:
    return Judged(
        report_type=line["report_type"] and ReportType(line["report_type"]),
        categories=line["categories"] and tuple(map(Category, line["categories"])),
        harm=line["harm"] and Harm(line["harm"]),
        ambiguous=line["ambiguous"],
        said=SHIPPED.suggestion(line["text"]),
    )


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    return judgement([judged(line) for line in LINES])


def test_there_are_enough_of_every_kind() -> None:
    assert len(LINES) >= 150
    assert {code for line in LINES for code in line["categories"] or ()} == set(Category)
    assert {line["harm"] for line in LINES} >= set(Harm)
    assert len({line["id"] for line in LINES}) == len({line["text"] for line in LINES}) == len(LINES)


def test_categories(figures: dict[str, Any]) -> None:
    assert figures["categories"]["macro_f1"] >= 0.75


def test_report_type(figures: dict[str, Any]) -> None:
    assert figures["report_type"]["right"] >= 0.88
    assert figures["report_type"]["coverage"] >= 0.8


@pytest.mark.parametrize("harm", ["death", "severe"])
def test_death_and_severe_harm_are_said_or_left_to_a_person(figures: dict[str, Any], harm: str) -> None:
    assert figures["harm"]["classes"][harm]["recall_with_review"] >= 0.8


def test_silence_falls_on_what_is_ambiguous(figures: dict[str, Any]) -> None:
    clear, ambiguous = figures["abstained"]["clear"], figures["abstained"]["ambiguous"]
    for output in ("report_type", "categories"):
        assert ambiguous[output] >= 2.5 * clear[output]
    assert ambiguous["harm"] >= 2 * clear["harm"]
    assert min(ambiguous["report_type"], ambiguous["categories"], ambiguous["harm"]) >= 0.8


@pytest.mark.parametrize("output", ["report_type", "categories", "harm"])
def test_confidence_is_near_the_share_that_is_right(figures: dict[str, Any], output: str) -> None:
    assert figures[output]["calibration_error"] <= 0.12


def test_another_authors_narratives_are_judged_as_well() -> None:
    found = judgement([judged(json.loads(line)) for line in OTHER_AUTHOR.read_text(encoding="utf-8").splitlines()])
    assert found["categories"]["macro_f1"] >= 0.8
    assert found["report_type"]["right"] >= 0.85
    assert min(found["harm"]["classes"][harm]["recall_with_review"] for harm in ("death", "severe")) >= 0.8
    silent = found["abstained"]
    assert all(silent["ambiguous"][one] >= 2.5 * silent["clear"][one] for one in ("report_type", "categories", "harm"))
