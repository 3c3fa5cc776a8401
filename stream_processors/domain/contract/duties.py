"""What retention, exit and feedback of a contract ask of the PSO on a day: pure, so that the same day says the same."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec import Struct

from stream_processors.domain.contract.document import ArrangementDocument, Disposition, Period
from stream_processors.domain.faults import Fault, Faulty

DISPOSITION = "42 CFR 3.108(b)(3)"
FEEDBACK = "42 CFR 3.102(b)(2)(i)(G)"


class NotDue(Faulty):
    """The contract does not let it be destroyed, or has no feedback of this kind."""


class Duty(Struct, frozen=True):
    """Something to be done, since when, and the command that does it."""

    arrangement: str
    term: str
    since: str
    what: str
    command: str
    permitted_by: str


@dataclass(frozen=True, slots=True)
class Held:
    """Events of a contract in the warehouse, as PostgreSQL counts them: it is the judge of what may be destroyed."""

    kept_too_long: int = 0
    """Their retention is over."""
    at_the_end: int = 0
    """The contract has ended, and they may be destroyed."""
    to_hand_over: int = 0
    """Some revision of them was never handed over."""

    def disposable(self, grounds: str) -> int:
        """How many may be destroyed on these grounds: `retention` or `exit`."""
        return {"retention": self.kept_too_long, "exit": self.at_the_end}[grounds]


def duties(document: ArrangementDocument, today: date, held: Held, given: Collection[str]) -> list[Duty]:
    """Everything that is due. `given` are the names of the periods of which the provider had its feedback.

    A test arrangement is about nobody: nothing is owed.
    """
    if document.test:
        return []
    return [*_retention(document, today, held), *_exit(document, today, held), *_feedback(document, today, given)]


def _retention(document: ArrangementDocument, today: date, held: Held) -> Iterator[Duty]:
    years = document.retention.years
    if years is not None and held.kept_too_long:
        before = years_before(today, years).isoformat()
        what = f"{held.kept_too_long} events reported before {before} are kept beyond {years} years: destroy them"
        yield Duty(document.id, "retention", before, what, f"pso arrangement destroy {document.id} --because retention", "")


def _exit(document: ArrangementDocument, today: date, held: Held) -> Iterator[Duty]:
    if document.term.until is None:
        return
    until, leaving = date.fromisoformat(document.term.until), document.exit
    notice = until - timedelta(days=leaving.notice_days)
    if notice <= today <= until:
        what = f"the contract ends on {until}: renew it, or prepare to {leaving.disposition} what is held"
        yield Duty(document.id, "exit", notice.isoformat(), what, f"pso arrangement history {document.id}", "")
    if today <= until:
        return
    since = (until + timedelta(days=1)).isoformat()
    if leaving.disposition is not Disposition.DESTROY and held.to_hand_over:
        whom = leaving.transfer_to if leaving.disposition is Disposition.TRANSFER else document.parties.provider
        what = f"{held.to_hand_over} events are to be handed over to {whom}"
        yield Duty(document.id, "exit", since, what, f"pso arrangement hand-over {document.id}", DISPOSITION)
    if held.at_the_end:
        what = f"{held.at_the_end} events are to be destroyed here"
        yield Duty(document.id, "exit", since, what, f"pso arrangement destroy {document.id} --because exit", DISPOSITION)


def _feedback(document: ArrangementDocument, today: date, given: Collection[str]) -> Iterator[Duty]:
    found = last_period(document.feedback.every, today)
    if found is None or found.last < date.fromisoformat(document.term.first) or found.name in given:
        return
    if document.term.until is not None and found.first > date.fromisoformat(document.term.until):
        return
    what = f"the provider has had no feedback for {found.name}"
    command = f"pso arrangement feedback {document.id} --period {found.name}"
    yield Duty(document.id, "feedback", (found.last + timedelta(days=1)).isoformat(), what, command, FEEDBACK)


def refuse_undue(document: ArrangementDocument, grounds: str, today: date, held: Held) -> None:
    """Raises NotDue where nothing may be destroyed on these grounds whatever is held, with the term that stands against it."""
    ended = document.term.until is not None and date.fromisoformat(document.term.until) < today
    returns = document.exit.disposition is not Disposition.DESTROY
    if grounds == "retention" and document.retention.years is None:
        raise NotDue([Fault("retention.years", "the contract says nothing of it: what is held is kept")])
    if grounds == "exit" and not ended:
        raise NotDue([Fault("term.until", "the contract has not ended")])
    if grounds == "exit" and returns and held.to_hand_over and not held.at_the_end:
        told = f"says {document.exit.disposition}: `pso arrangement hand-over` first ({DISPOSITION})"
        raise NotDue([Fault("exit.disposition", told)])


def affiliates_of(document: ArrangementDocument, others: Collection[ArrangementDocument]) -> list[ArrangementDocument]:
    """The contracts of those who may hear of each other: each names the other's provider among its affiliates, in writing.

    One side's word is not enough: every identified provider authorizes (42 CFR 3.206(b)(3)).
    """
    own = document.parties
    return [
        other
        for other in sorted(others, key=lambda one: one.id)
        if other.parties.provider in own.affiliates and own.provider in other.parties.affiliates
    ]


@dataclass(frozen=True, slots=True)
class FeedbackPeriod:
    """A month, quarter or year; both days are in it."""

    name: str
    first: date
    last: date


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def last_period(every: Period, today: date) -> FeedbackPeriod | None:
    """The last period of this length that is over; None where the contract wants none."""
    if every is Period.NEVER:
        return None
    months = _MONTHS[every]
    here = (today.year * 12 + today.month - 1) // months * months
    first, behind = here - months, _day(here)
    year, month = divmod(first, 12)
    name = {1: f"{year}-{month + 1:02}", 3: f"{year}-Q{month // 3 + 1}", 12: f"{year}"}[months]
    return FeedbackPeriod(name, _day(first), behind - timedelta(days=1))


def feedback_period(document: ArrangementDocument, name: str, today: date) -> FeedbackPeriod:
    """The period of this name. Raises NotDue where the contract has none such, or it is not over or before its beginning."""
    every = document.feedback.every
    found, first = last_period(every, today), date.fromisoformat(document.term.first)
    if found is None:
        raise NotDue([Fault("feedback.every", "the contract says never: nothing goes back")])
    while found.name != name and found.last >= first:
        found = last_period(every, found.first) or found
    if found.name != name or found.last < first:
        raise NotDue([Fault("feedback.every", f"this is no {every} of the contract that is over")])
    return found


def _day(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; the 29th of February becomes the 28th, as PostgreSQL has it."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
