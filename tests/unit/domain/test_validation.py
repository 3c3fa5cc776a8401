"""Validation: one row per way in which an event is accepted or refused."""

from typing import Any

import pytest
from msgspec.structs import replace

from schemas.records.parts import Narrative
from schemas.records.people import Patient
from schemas.taxonomy import Action, Category, Harm, NarrativeKind, NarrativeRelease, ProviderType, ReportType
from schemas.topics import submitted
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.rejection import Reason, Rejected
from stream_processors.domain.validation import validate
from tests.support.builders import arrangements, safety_event

WIDE = arrangements().of(submitted("arr-7k2q"))
LIMITED = replace(
    WIDE,
    in_force_from="2024-03-01",
    in_force_until="2025-02-28",
    report_types=frozenset({ReportType.INCIDENT}),
    categories=frozenset({Category.MEDICATION, Category.HEALTH_IT}),
)
UNDATED: dict[str, Any] = {"event_date": None, "discovery_date": None, "report_date": None}
WORDS = (Narrative(NarrativeKind.DESCRIPTION, "The bed alarm was off."),)
BLANK = (Narrative(NarrativeKind.DESCRIPTION, " \n\t"),)
NEAR_MISS, UNSAFE = ReportType.NEAR_MISS, ReportType.UNSAFE_CONDITION


def test_an_accepted_event_carries_what_later_steps_need_of_the_contract() -> None:
    event = safety_event()
    accepted = validate(event, WIDE)
    assert accepted.event == event
    assert (accepted.acceptance.arrangement, accepted.acceptance.policy_version) == ("arr-7k2q", 3)
    assert accepted.acceptance.provider_type is ProviderType.HOSPITAL
    assert accepted.acceptance.narrative_release is NarrativeRelease.NONE


def test_the_same_event_is_accepted_to_the_same_record() -> None:
    assert validate(safety_event(), WIDE) == validate(safety_event(), WIDE)


@pytest.mark.parametrize(
    ("changes", "arrangement", "remark"),
    [
        ({}, WIDE, "an ordinary incident"),
        ({"categories": (), "narratives": WORDS}, WIDE, "words alone say what happened"),
        ({"categories": (Category.OTHER,), "category_other": "crowding"}, WIDE, "`other` with its words"),
        ({"categories": (Category.OTHER,), "narratives": WORDS}, WIDE, "`other` with a narrative"),
        ({"harm": None}, WIDE, "harm not assessed yet"),
        ({"report_type": NEAR_MISS, "harm": Harm.NOT_APPLICABLE}, WIDE, "a near miss harmed nobody"),
        ({"report_type": NEAR_MISS, "harm": Harm.NONE}, WIDE, "systems that write `no harm` for a near miss"),
        ({"report_type": UNSAFE, "harm": Harm.UNKNOWN}, WIDE, "harm unknown claims nothing"),
        ({"report_type": UNSAFE, "harm": None}, WIDE, "harm not said"),
        ({"action": Action.CORRECT, "revision": 2}, WIDE, "a correction of the first report"),
        ({"action": Action.REPORT, "revision": 7}, WIDE, "the whole event said again"),
        ({"event_date": None, "discovery_date": None}, WIDE, "nobody knows when"),
        ({"event_date": "2024", "discovery_date": "2024-01-03"}, WIDE, "dates agree as far as they go"),
        ({"event_date": "2024-05-17", "discovery_date": "2024-05"}, WIDE, "the month is the same"),
        ({"patient": Patient(birth_date="2024-05-16")}, WIDE, "born on the day it happened"),
        ({"pses_entered_at": None}, WIDE, "the entry is not said"),
        (UNDATED | {"report_date": "2024-03-01"}, LIMITED, "the first day of the arrangement"),
        ({"report_date": "2025-02-28"}, LIMITED, "its last day"),
        ({"report_date": None, "pses_entered_at": "2025-02-28T23:59:59Z"}, LIMITED, "entered on its last day"),
        ({"report_date": "2025-02-28", "pses_entered_at": "2025-03-09T10:00:00Z"}, LIMITED, "reported in time, entered late"),
        (
            UNDATED | {"report_date": "2024"},
            LIMITED,
            "a year in doubt",
        ),
        (
            {"action": Action.WITHDRAW, "revision": 2, "categories": (), "pses_entered_at": None, "report_date": None},
            LIMITED,
            "a withdrawal needs nothing more",
        ),
        (
            {"action": Action.WITHDRAW, "revision": 1, "report_date": "2031-01-01"},
            LIMITED,
            "nor is it refused when the contract has ended",
        ),
    ],
)
def test_an_event_is_accepted(changes: dict[str, Any], arrangement: Arrangement, remark: str) -> None:
    event = safety_event(**changes)
    assert validate(event, arrangement).event == event, remark


@pytest.mark.parametrize(
    ("changes", "arrangement", "reason", "path", "remark"),
    [
        ({"provider": "prv-q0z7hh"}, WIDE, Reason.PROVIDER_MISMATCH, "provider", "somebody else's topic"),
        (
            {"provider": "prv-q0z7hh", "action": Action.WITHDRAW},
            WIDE,
            Reason.PROVIDER_MISMATCH,
            "provider",
            "nor may it withdraw",
        ),
        (
            {"provider": "prv-q0z7hh", "harm": Harm.NOT_APPLICABLE},
            WIDE,
            Reason.PROVIDER_MISMATCH,
            "provider",
            "the first rule speaks",
        ),
        (
            UNDATED | {"report_date": "2024-02-29"},
            LIMITED,
            Reason.ARRANGEMENT_NOT_IN_FORCE,
            "report_date",
            "a day early",
        ),
        (
            UNDATED | {"pses_entered_at": "2025-03-01T00:00:00Z"},
            LIMITED,
            Reason.ARRANGEMENT_NOT_IN_FORCE,
            "pses_entered_at",
            "a day late",
        ),
        (
            {"report_date": "2025-03-01"},
            LIMITED,
            Reason.ARRANGEMENT_NOT_IN_FORCE,
            "report_date",
            "a day late, whenever it was entered",
        ),
        (
            UNDATED | {"report_date": "2023"},
            LIMITED,
            Reason.ARRANGEMENT_NOT_IN_FORCE,
            "report_date",
            "no day of that year",
        ),
        (
            UNDATED | {"pses_entered_at": None},
            WIDE,
            Reason.INCOMPLETE,
            "report_date",
            "in force cannot be judged",
        ),
        ({"report_type": NEAR_MISS, "harm": None}, LIMITED, Reason.OUT_OF_SCOPE, "report_type", "near misses are not agreed"),
        ({"categories": (Category.MEDICATION, Category.FALL)}, LIMITED, Reason.OUT_OF_SCOPE, "categories", "one is outside"),
        ({"categories": (), "narratives": WORDS}, LIMITED, Reason.OUT_OF_SCOPE, "categories", "words show no scope"),
        ({"categories": ()}, WIDE, Reason.INCOMPLETE, "categories", "neither category nor words"),
        ({"categories": (), "narratives": BLANK}, WIDE, Reason.INCOMPLETE, "categories", "blanks are no words"),
        ({"categories": (Category.OTHER,)}, WIDE, Reason.INCOMPLETE, "category_other", "`other`: please specify"),
        (
            {"categories": (Category.OTHER,), "category_other": "  "},
            WIDE,
            Reason.INCOMPLETE,
            "category_other",
            "blanks specify nothing",
        ),
        (
            {"categories": (), "action": Action.CORRECT, "revision": 2},
            WIDE,
            Reason.INCOMPLETE,
            "categories",
            "nor may a correction",
        ),
        ({"action": Action.CORRECT}, WIDE, Reason.CONTRADICTORY, "revision", "a correction of nothing"),
        ({"report_type": NEAR_MISS, "harm": Harm.MILD}, WIDE, Reason.CONTRADICTORY, "harm", "a near miss that harmed"),
        (
            {"report_type": UNSAFE, "harm": Harm.DEATH},
            WIDE,
            Reason.CONTRADICTORY,
            "harm",
            "a condition that killed is an incident",
        ),
        ({"harm": Harm.NOT_APPLICABLE}, WIDE, Reason.CONTRADICTORY, "harm", "an incident has harm, if unknown"),
        ({"discovery_date": "2024-05-15"}, WIDE, Reason.CONTRADICTORY, "discovery_date", "discovered before it happened"),
        ({"report_date": "2024-05-16"}, WIDE, Reason.CONTRADICTORY, "report_date", "reported before it was discovered"),
        (
            {"discovery_date": None, "report_date": "2024-04"},
            WIDE,
            Reason.CONTRADICTORY,
            "report_date",
            "reported before it happened",
        ),
        ({"patient": Patient(birth_date="2024-06-01")}, WIDE, Reason.CONTRADICTORY, "event_date", "happened before the birth"),
        ({"event_date": "2024-02-30"}, WIDE, Reason.INVALID_FIELD, "event_date", "February has no 30th"),
        (
            {"patient": Patient(birth_date="2023-02-29")},
            WIDE,
            Reason.INVALID_FIELD,
            "patient.birth_date",
            "2023 was no leap year",
        ),
    ],
)
def test_an_event_is_refused(changes: dict[str, Any], arrangement: Arrangement, reason: Reason, path: str, remark: str) -> None:
    with pytest.raises(Rejected) as refused:
        validate(safety_event(**changes), arrangement)
    assert (refused.value.reason, refused.value.path) == (reason, path), remark


def test_a_rejection_holds_no_value() -> None:
    with pytest.raises(Rejected) as refused:
        validate(safety_event(provider="prv-secret"), WIDE)
    assert "secret" not in str(refused.value)
    assert refused.value.args == ("provider_mismatch provider",)
