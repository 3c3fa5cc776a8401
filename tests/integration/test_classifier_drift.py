"""`pso classifier drift` over the real warehouse: newest answers alone, the odd provider found, rights as granted."""

import json
from collections.abc import Iterator, Sequence

import pytest
from click.testing import CliRunner

from deploy.dev.stack import Stack
from schemas.headers import Position
from schemas.records import Classification, ClassifiedEvent, Record
from schemas.records.flow import Confidence
from schemas.taxonomy import Action, Category, Harm, ReportType
from stream_processors.cli import exit_codes
from stream_processors.cli.classifier_drift import drift
from stream_processors.shapes import Arrival, Sink
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.warehouse.classifier_answers import windows
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.positions import Advance
from tests.integration.fresh_warehouse import fresh_warehouse, login
from tests.support.builders import accepted, classified, safety_event

AGREES = Classification("linear 2", ReportType.INCIDENT, (Category.FALL,), Harm.MILD, confidence=Confidence(90, 90, 90))
SILENT = Classification("linear 2", confidence=Confidence(40, 20, 30))
DISAGREES = Classification("linear 2", ReportType.NEAR_MISS, (Category.BLOOD,), None, confidence=Confidence(90, 90, 90))


@pytest.fixture(scope="module")
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


def answered(provider: str, number: int, advice: Classification, **changes: object) -> ClassifiedEvent:
    return classified(safety_event(provider=provider, event_id=f"{provider}-{number}", **changes), advice)


def load(url: str, sink: Sink, records: Sequence[Record]) -> None:
    loader = Loader(sink, url)
    made = [
        (*sink.row(record, Arrival(Position("t", 0, at), [], at.to_bytes(4))), "t", 0, at) for at, record in enumerate(records)
    ]
    loader.positions([("t", 0)])
    loader.load(made, [Advance("t", 0, 0, len(made))], lambda refused: None)
    loader.close()


def records() -> Iterator[ClassifiedEvent]:
    for provider, advice in (("prv-a", AGREES), ("prv-b", AGREES), ("prv-odd", DISAGREES)):
        for number in range(40):
            yield answered(provider, number, SILENT)
            yield answered(provider, number, advice, revision=2)  # the newest revision is the one that is counted
    yield answered("prv-a", 0, SILENT, revision=3, action=Action.WITHDRAW)
    yield answered("prv-a", 40, Classification("linear 2"))  # no words


@pytest.fixture(scope="module")
def filled(warehouse: str) -> str:
    found = list(records())
    load(warehouse, EVENT_REVISIONS, [accepted(one.event) for one in found])
    load(warehouse, CLASSIFICATIONS, found)
    return warehouse


def test_each_event_with_words_counts_once_with_its_newest_answer(filled: str) -> None:
    found = {window.provider: window for window in windows(filled)}
    assert {provider: window.events for provider, window in found.items()} == {"prv-a": 39, "prv-b": 40, "prv-odd": 40}
    assert found["prv-a"].month == "2024-05"
    assert found["prv-b"].shares["silent about report type"] == (0, 40)
    assert found["prv-b"].shares["category fall"] == (40, 40)
    assert found["prv-odd"].shares["report type against the reporter's"] == (40, 40)
    assert found["prv-odd"].shares["silent about harm"] == (40, 40)


def test_the_odd_provider_is_found_by_whoever_may_read_identified_answers(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with login(filled, "pso_analyst_protected") as url:
        monkeypatch.setenv("PSO_DATABASE_URL", url)
        ran = CliRunner().invoke(drift, [], standalone_mode=False)
    assert ran.return_value == exit_codes.FOUND
    found = json.loads(ran.stdout)
    odd = {one["figure"] for one in found if one["provider"] == "prv-odd" and one["score"] > 0}
    assert odd == {"report type against the reporter's", "silent about harm", "category blood"}
    assert "prv-" not in ran.stderr


def test_without_a_difference_nothing_is_to_be_looked_at(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSO_DATABASE_URL", warehouse)
    assert CliRunner().invoke(drift, ["--look", "100"], standalone_mode=False).return_value == exit_codes.OK
