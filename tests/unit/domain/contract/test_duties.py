"""What a contract asks of the PSO on a day: keep no longer, hand over, destroy, give feedback; and what it lets nobody do."""

from datetime import date

import pytest
from msgspec.structs import replace

from stream_processors.domain.contract.document import (
    ArrangementDocument,
    Disposition,
    Exit,
    Feedback,
    Period,
    Retention,
    Term,
)
from stream_processors.domain.contract.duties import (
    Duty,
    Held,
    NotDue,
    affiliates_of,
    duties,
    feedback_period,
    last_period,
    refuse_undue,
    years_before,
)
from stream_processors.domain.contract.reading import parse_document
from tests.support.documents import WIDE

DAY = date(2026, 5, 10)
NOTHING = Held()
QUIET = replace(parse_document(WIDE), feedback=Feedback(Period.NEVER))
RETURNS = Exit(Disposition.RETURN, notice_days=30)
DESTROYS = Exit(Disposition.DESTROY, notice_days=30, why_not_returned="no system can take it")


def ending(until: str, leaving: Exit) -> ArrangementDocument:
    return replace(QUIET, term=Term("2020-01-01", until), exit=leaving)


def due(document: ArrangementDocument, held: Held = NOTHING, given: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """Term, since when, and the command without the arrangement."""
    return [(one.term, one.since, one.command.split()[2]) for one in duties(document, DAY, held, given)]


EXITS = [
    ("no end is agreed", QUIET, Held(0, 5, 5), []),
    ("long before the end", ending("2026-12-31", RETURNS), Held(0, 0, 5), []),
    ("within the notice", ending("2026-06-09", RETURNS), Held(0, 0, 5), [("exit", "2026-05-10", "history")]),
    ("on its last day", ending("2026-05-10", RETURNS), Held(0, 0, 5), [("exit", "2026-04-10", "history")]),
    ("over, nothing handed over", ending("2026-05-09", RETURNS), Held(0, 0, 5), [("exit", "2026-05-10", "hand-over")]),
    ("over, some handed over", ending("2026-05-09", RETURNS), Held(0, 2, 3),
     [("exit", "2026-05-10", "hand-over"), ("exit", "2026-05-10", "destroy")]),
    ("over, all destroyed", ending("2026-05-09", RETURNS), Held(), []),
    ("over, destroyed without return", ending("2026-05-09", DESTROYS), Held(0, 5, 5), [("exit", "2026-05-10", "destroy")]),
]  # fmt: skip


@pytest.mark.parametrize(("remark", "document", "held", "expected"), EXITS, ids=[row[0] for row in EXITS])
def test_at_the_end_of_a_contract_its_exit_terms_are_due(
    remark: str, document: ArrangementDocument, held: Held, expected: list[tuple[str, str, str]]
) -> None:
    assert due(document, held) == expected


def test_what_is_kept_beyond_its_years_is_due_and_nothing_where_no_years_are_said() -> None:
    assert due(replace(QUIET, retention=Retention(10)), Held(3, 0, 0)) == [("retention", "2016-05-10", "destroy")]
    assert due(replace(QUIET, retention=Retention(10)), Held()) == []
    assert due(QUIET, Held(3, 0, 0)) == []
    assert due(replace(QUIET, retention=Retention(10), test=True), Held(3, 0, 0)) == [], "invented events are about nobody"


FEEDBACK = [
    (Period.MONTH, "2026-04", "2026-05-01"),
    (Period.QUARTER, "2026-Q1", "2026-04-01"),
    (Period.YEAR, "2025", "2026-01-01"),
]


@pytest.mark.parametrize(("every", "name", "since"), FEEDBACK)
def test_feedback_is_due_for_the_last_period_that_is_over_until_it_was_given(every: Period, name: str, since: str) -> None:
    document = replace(QUIET, feedback=Feedback(every))
    assert due(document) == [("feedback", since, "feedback")]
    assert due(document, given=(name,)) == []
    young = replace(document, term=Term("2026-05-01"))
    assert due(young) == [], "nothing was reported in it"
    assert due(replace(document, term=Term("2020-01-01", "2024-12-31"))) == [], "the contract was over"


def test_the_last_period_of_january_lies_in_the_year_before() -> None:
    found = [last_period(every, date(2026, 1, 1)) for every in (Period.MONTH, Period.QUARTER, Period.YEAR)]
    assert [(one.name, one.first, one.last) for one in found if one] == [
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ]


def test_feedback_follows_the_contract_in_length_and_time() -> None:
    document = replace(QUIET, feedback=Feedback(Period.QUARTER), term=Term("2025-02-01"))
    assert feedback_period(document, "2025-Q1", DAY).first == date(2025, 1, 1)
    for name in ("2026-Q2", "2024-Q4", "2026-04", "2025", "", "2025-Q5"):
        with pytest.raises(NotDue, match=r"feedback\.every"):
            feedback_period(document, name, DAY)
    with pytest.raises(NotDue, match="never"):
        feedback_period(QUIET, "2026-Q1", DAY)


REFUSED = [
    (QUIET, "retention", Held(), "retention.years"),
    (QUIET, "exit", Held(), "term.until"),
    (ending("2026-05-10", DESTROYS), "exit", Held(), "term.until"),
    (ending("2026-05-09", RETURNS), "exit", Held(0, 0, 5), "3.108(b)(3)"),
]


@pytest.mark.parametrize(
    ("document", "grounds", "held", "said"), REFUSED, ids=[row[3] + str(n) for n, row in enumerate(REFUSED)]
)
def test_nothing_is_destroyed_that_no_term_asks_for(document: ArrangementDocument, grounds: str, held: Held, said: str) -> None:
    with pytest.raises(NotDue) as refused:
        refuse_undue(document, grounds, DAY, held)
    assert said in str(refused.value)


def test_what_was_handed_over_may_go_while_the_rest_stays() -> None:
    refuse_undue(ending("2026-05-09", RETURNS), "exit", DAY, Held(0, 2, 3))
    refuse_undue(ending("2026-05-09", DESTROYS), "exit", DAY, Held(0, 5, 5))
    refuse_undue(replace(QUIET, retention=Retention(1)), "retention", DAY, Held())


def test_affiliates_hear_of_each_other_only_where_both_contracts_say_so() -> None:
    def named(id_: str, provider: str, *affiliates: str) -> ArrangementDocument:
        return replace(QUIET, id=id_, parties=replace(QUIET.parties, provider=provider, affiliates=affiliates))

    own = named("arr-a", "prv-a", "prv-b", "prv-c")
    mutual, silent, pushing = named("arr-b", "prv-b", "prv-a"), named("arr-c", "prv-c"), named("arr-d", "prv-d", "prv-a")
    assert affiliates_of(own, [pushing, silent, mutual, own]) == [mutual]


def test_a_leap_day_counts_back_to_the_28th() -> None:
    assert years_before(date(2028, 2, 29), 1) == date(2027, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)


def test_a_duty_names_the_paragraph_and_a_command() -> None:
    (one,) = duties(ending("2026-05-09", RETURNS), DAY, Held(0, 0, 5), ())
    assert one == Duty(
        "arr-7k2q",
        "exit",
        "2026-05-10",
        "5 events are to be handed over to prv-8f3k2m",
        "pso arrangement hand-over arr-7k2q",
        "42 CFR 3.108(b)(3)",
    )
