"""Which events a person should look at now."""

import pytest
from msgspec.structs import replace

from schemas.records import Alert, Classification, ClassifiedEvent
from schemas.taxonomy import Action, Category, Harm, ReportType
from stream_processors.domain.alerts import alert
from tests.support import builders

TABLE = [
    (Harm.DEATH, None, Harm.DEATH, "as reported"),
    (Harm.SEVERE, None, Harm.SEVERE, "as reported"),
    (Harm.MILD, Harm.SEVERE, Harm.SEVERE, "our advice is worse"),
    (Harm.SEVERE, Harm.DEATH, Harm.DEATH, "the worse of two"),
    (Harm.MODERATE, Harm.MILD, None, "neither is severe"),
    (None, None, None, "nobody says anything"),
]


def classified(reported: Harm | None, advised: Harm | None, **changes: object) -> ClassifiedEvent:
    return builders.classified(builders.safety_event(harm=reported, **changes), Classification("rules/1", harm=advised))


@pytest.mark.parametrize(("reported", "advised", "expected", "remark"), TABLE, ids=[row[3] for row in TABLE])
def test_severe_harm_or_death_raises_an_alert(
    reported: Harm | None, advised: Harm | None, expected: Harm | None, remark: str
) -> None:
    found = alert(classified(reported, advised))
    assert (found and found.harm) == expected, remark


def test_an_alert_says_which_event_it_is() -> None:
    found = alert(classified(Harm.DEATH, None, revision=2))
    assert found == Alert(builders.PROVIDER, "evt-20240517-0031", 2, Harm.DEATH, (Category.MEDICATION,))


def test_a_withdrawal_raises_nothing() -> None:
    assert alert(classified(Harm.DEATH, None, action=Action.WITHDRAW)) is None


def test_severe_harm_that_a_near_miss_could_have_had_is_looked_at() -> None:
    assert alert(classified(Harm.SEVERE, None, report_type=ReportType.NEAR_MISS)) is not None


def test_what_may_be_a_never_event_is_looked_at_whatever_its_harm() -> None:
    flagged = Classification("linear 1", never_events=("1A",))
    found = alert(builders.classified(builders.safety_event(harm=Harm.MILD), flagged))
    assert (found and (found.harm, found.never_events)) == (Harm.MILD, ("1A",))


def test_an_invented_event_wakes_nobody() -> None:
    death = classified(Harm.DEATH, None)
    invented = replace(death.acceptance, test=True)
    assert alert(death) is not None
    assert alert(replace(death, acceptance=invented)) is None
