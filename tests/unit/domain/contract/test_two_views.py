"""Two providers, two contracts, the same event: two lawful views, through the real steps."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.grades import Grade
from schemas.records import AcceptedEvent, Record, SafetyEvent
from schemas.records.parts import Source
from schemas.restrictions import Passing
from schemas.taxonomy import Action, Harm, ReportType, Setting
from schemas.topics import EVENTS_ACCEPTED, EVENTS_CLASSIFIED
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.contract.compiling import compiled
from stream_processors.domain.contract.withholding import without
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.domain.rejection import Reason, Rejected
from stream_processors.domain.validation import validate
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.shapes import Given, Processor
from tests.support.builders import OTHER_PROVIDER, crowded_event
from tests.support.classifiers import CLASSIFY
from tests.support.documents import built, narrow, wide

WIDE = compiled(wide())
NARROW = compiled(
    built(narrow(), id="arr-m9d0", parties={"provider": OTHER_PROVIDER, "provider_type": "pharmacy", "pso": "P0042"})
)
DISCLOSURES = {Grade.P1: anonymize(PATTERNS_ONLY), Grade.P2: nonidentify(PATTERNS_ONLY)}


def views(event: SafetyEvent, arrangement: Arrangement) -> Mapping[Grade, Any]:
    """What leaves in each grade, nothing being None."""
    accepted = validate(replace(event, provider=arrangement.provider), arrangement)
    return views_of(accepted)


def views_of(accepted: AcceptedEvent) -> Mapping[Grade, Any]:
    (classified,) = CLASSIFY.function(accepted, Given(EVENTS_ACCEPTED))
    return {grade: _left(step, classified) for grade, step in DISCLOSURES.items()}


def _left(step: Processor, classified: Record) -> Record | None:
    surrogates = {subject: f"sur-{number}" for number, subject in enumerate(step.asks(classified))}
    found = list(step.function(classified, Given(EVENTS_CLASSIFIED, surrogates)))
    assert len(found) <= 1
    return found[0] if found else None


def test_the_same_event_has_two_lawful_views() -> None:
    open_, close = views(crowded_event(), WIDE), views(crowded_event(), NARROW)
    assert (open_[Grade.P1].event_date, close[Grade.P1].event_date) == ("2024-05-16", "2024")
    assert (open_[Grade.P1].patient.birth_date, close[Grade.P1].patient.birth_date) == ("1931-02-27", "1931")
    assert (open_[Grade.P1].city, close[Grade.P1].city) == ("Ostrander", None)
    assert (len(open_[Grade.P1].devices), len(close[Grade.P1].devices)) == (1, 0)
    assert (open_[Grade.P1].medications[0].dose, close[Grade.P1].medications[0].dose) == ("5000 units", None)
    assert (open_[Grade.P1].patient.race, close[Grade.P1].patient.race) == ("White", None)
    assert (bool(open_[Grade.P1].narratives), bool(close[Grade.P1].narratives)) == (True, False)
    assert open_[Grade.P2] is not None
    assert close[Grade.P2] is None, "this contract lets nothing into P2"


def test_what_the_contract_withholds_from_a_grade_still_cleans_the_words() -> None:
    """The record's own names take themselves out of the narratives, whether or not they may leave."""
    disclosures = [{"grade": "P1", "recipients": ["another_pso", "reporting_provider"], "withheld": ["patient", "facility"]}]
    [p1] = [views(crowded_event(), compiled(built(wide(), disclosures=disclosures)))[Grade.P1]]
    assert p1.patient is None
    assert p1.narratives
    assert not any(name in p1.narratives[0].text for name in ("Vandersloot", "Mercy Falls", "4471902"))


def test_what_the_pso_does_not_keep_is_not_in_the_accepted_event() -> None:
    event = replace(crowded_event(), provider=OTHER_PROVIDER)
    accepted = validate(event, NARROW)
    assert accepted.event == without(event, ("patient.race",))
    assert accepted.event != event


@pytest.mark.parametrize(
    ("changes", "path", "remark"),
    [
        ({"setting": Setting.HOME}, "setting", "a setting that was not agreed"),
        ({"report_type": ReportType.UNSAFE_CONDITION, "harm": Harm.NOT_APPLICABLE}, "report_type", "nor this type"),
        ({"pses_entered_at": None}, "pses_entered_at", "functional reporting of what is not documented"),
    ],
)
def test_what_a_contract_does_not_cover_is_refused_under_it_alone(changes: dict[str, Any], path: str, remark: str) -> None:
    event = crowded_event(**changes)
    assert validate(event, WIDE)
    with pytest.raises(Rejected) as refused:
        validate(replace(event, provider=OTHER_PROVIDER), NARROW)
    assert refused.value.path == path, remark


def test_a_format_that_was_not_agreed_is_out_of_scope() -> None:
    policy = compiled(built(wide(), scope={"formats": ["csv"]}))
    assert validate(crowded_event(), policy)
    for source in (None, Source(system="x", format="jsonl")):
        with pytest.raises(Rejected) as refused:
            validate(crowded_event(source=source), policy)
        assert (refused.value.reason, refused.value.path) == (Reason.OUT_OF_SCOPE, "source.format")


def in_passing(what: Passing, action: Action) -> Mapping[Grade, Any]:
    accepted = validate(crowded_event(revision=2, action=action), WIDE)
    closed = compiled(built(wide(), disclosures=[])).restrictions
    restrictions = tuple(replace(one, passes=what) for one in closed)
    return views_of(replace(accepted, acceptance=replace(accepted.acceptance, restrictions=restrictions)))


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_a_grade_that_a_contract_never_opened_hears_nothing_not_even_of_a_withdrawal(action: Action) -> None:
    assert set(in_passing(Passing.NOTHING, action).values()) == {None}


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_a_grade_that_an_earlier_version_opened_hears_that_the_event_is_taken_back_and_nothing_else(action: Action) -> None:
    for record in in_passing(Passing.WITHDRAWAL, action).values():
        assert (record.action, record.revision, record.categories, record.narratives) == (Action.WITHDRAW, 2, (), ())
