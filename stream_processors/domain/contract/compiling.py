"""A document made executable: law AND State AND contract. What is left is never more than the law alone would let out."""

from collections.abc import Iterator

from schemas.grades import Grade
from schemas.records.flow import Restriction
from schemas.restrictions import DatePrecision, Passing
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.arrangements import Arrangement, ArrangementTable
from stream_processors.domain.contract.checking import widenings
from stream_processors.domain.contract.document import (
    ArrangementDocument,
    Disclosure,
    Narratives,
    Parties,
    Recipient,
    Reporting,
    Scope,
    Suppression,
    Term,
)
from stream_processors.domain.contract.federal import FEDERAL, HOUSE, SERVED, coarser_of
from stream_processors.domain.faults import Faulty

SINGLE_EVENTS = (Grade.P1, Grade.P2)
"""The grades into which single events leave."""

_WIDEST_LAST = tuple(NarrativeRelease)


class WidensTheLaw(Faulty):
    """The document lets out what the law does not; every fault names the paragraph."""


def compiled(document: ArrangementDocument) -> Arrangement:
    """The policy by which events of this contract are accepted and disclosed. Raises WidensTheLaw with all paragraphs."""
    if found := widenings(document):
        raise WidensTheLaw(found)
    restrictions = (restriction_in(document, grade) for grade in SINGLE_EVENTS)
    return Arrangement(
        id=document.id,
        provider=document.parties.provider,
        provider_type=document.parties.provider_type,
        policy_version=document.version,
        in_force_from=document.term.first,
        in_force_until=document.term.until,
        report_types=document.scope.report_types,
        categories=document.scope.categories,
        narrative_release=_release(document),
        test=document.test,
        settings=document.scope.settings,
        formats=document.scope.formats,
        withheld=tuple(sorted(document.scope.withheld)),
        functional=document.reporting.by is Reporting.FUNCTIONAL,
        restrictions=tuple(one for one in restrictions if one != _as_the_law(one.grade)),
    )


def recipients(document: ArrangementDocument, grade: Grade) -> frozenset[Recipient]:
    """Who may get what leaves in a grade: those whom law, contract and every State that speaks of it let have it."""
    said = list(_said(document, grade))
    if not any(one.grade == grade for one in document.disclosures):
        return frozenset()
    return FEDERAL[grade].recipients.intersection(*(one.recipients for one in said))


def is_open(document: ArrangementDocument, grade: Grade) -> bool:
    """Whether anything of it enters a grade: one topic serves all its recipients, so the contract must permit them all."""
    return recipients(document, grade) >= SERVED[grade]


def restriction_in(document: ArrangementDocument, grade: Grade) -> Restriction:
    """What law, State and contract leave of an event in a grade."""
    dates, withheld = _finest(grade), set[str]()
    for one in _said(document, grade):
        dates = coarser_of(dates, one.dates or dates)
        withheld |= set(one.withheld)
    passes = Passing.EVENT if is_open(document, grade) else Passing.NOTHING
    return Restriction(grade, passes, dates, tuple(sorted(withheld)))


def suppression(document: ArrangementDocument) -> tuple[int, int]:
    """(threshold, contributors) of counts that this provider is part of: the strictest of house, State and contract."""
    said = [document.suppression, *(law.suppression for law in document.state_law if law.suppression)]
    return (
        max([HOUSE.threshold, *(one.threshold for one in said if one.threshold is not None)]),
        max([HOUSE.contributors, *(one.contributors for one in said if one.contributors is not None)]),
    )


def _said(document: ArrangementDocument, grade: Grade) -> Iterator[Disclosure]:
    """What the contract and the States say of a grade."""
    for disclosures in (document.disclosures, *(law.disclosures for law in document.state_law)):
        yield from (one for one in disclosures if one.grade == grade)


def _release(document: ArrangementDocument) -> NarrativeRelease:
    said = [document.narratives, *(law.narratives for law in document.state_law if law.narratives)]
    return min((one.release for one in said), key=_WIDEST_LAST.index)


def _finest(grade: Grade) -> DatePrecision:
    law = FEDERAL[grade].dates
    assert law is not None, "single events have dates"
    return law


def _as_the_law(grade: Grade) -> Restriction:
    return Restriction(grade, Passing.EVENT, _finest(grade))


def imported(table: ArrangementTable, pso: str) -> ArrangementDocument:
    """A table of the arrangements file as a document that says the same: it takes nothing from what the law allows."""
    served = ((grade, SERVED[grade]) for grade in (*SINGLE_EVENTS, Grade.A))
    return ArrangementDocument(
        id=table.id,
        version=table.policy_version,
        parties=Parties(table.provider, table.provider_type, pso),
        term=Term(table.in_force_from, table.in_force_until),
        scope=Scope(report_types=table.report_types, categories=table.categories),
        narratives=Narratives(table.narrative_release),
        disclosures=tuple(Disclosure(grade, whom) for grade, whom in served),
        suppression=Suppression(),
        test=table.test,
    )
