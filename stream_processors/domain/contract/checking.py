"""What is wrong with a document: what widens the law, with its paragraph, and what could not be carried out."""

from collections.abc import Iterator, Sequence
from itertools import chain

from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.calendar import is_day
from stream_processors.domain.contract.document import (
    ArrangementDocument,
    Disclosure,
    Disposition,
    Narratives,
    Reporting,
    StateLaw,
    Suppression,
)
from stream_processors.domain.contract.event_fields import IDENTIFYING_PATHS, WITHHOLDABLE
from stream_processors.domain.contract.federal import FEDERAL, HOUSE, OTHER_WAYS, STATE_FLOOR, finer
from stream_processors.domain.deidentification.states import STATES
from stream_processors.domain.faults import Fault


def widenings(document: ArrangementDocument) -> list[Fault]:
    """Everything by which a document, or the State law in it, would let out more than the law."""
    states = [_state_widenings(f"state_law[{n}]", one) for n, one in enumerate(document.state_law)]
    return [
        *_disclosures_widen("disclosures", document.disclosures),
        *_words_widen("narratives", document.narratives),
        *_counts_widen("suppression", document.suppression),
        *_unknown_words_widen(document),
        *chain.from_iterable(states),
    ]


def _disclosures_widen(place: str, disclosures: Sequence[Disclosure]) -> Iterator[Fault]:
    for number, one in enumerate(disclosures):
        here, law = f"{place}[{number}]", FEDERAL.get(one.grade)
        if law is None:
            yield Fault(f"{here}.grade", f"{one.grade} needs a determination by a person for each release (42 CFR 3.212(a)(1))")
            continue
        for recipient in sorted(one.recipients - law.recipients):
            otherwise = OTHER_WAYS.get(recipient, "no paragraph lets it")
            yield Fault(f"{here}.recipients", f"{law.permitted_by} does not let {one.grade} go to {recipient}: {otherwise}")
        if one.dates is not None and law.dates is not None and finer(one.dates, law.dates):
            yield Fault(f"{here}.dates", f"{one.grade} holds no element of a date finer than a {law.dates} ({law.dates_by})")


def _words_widen(place: str, narratives: Narratives) -> Iterator[Fault]:
    if not narratives.redacted:
        paragraphs = "42 CFR 3.206(b)(4)(iv), 3.212(a)(2) and (b)"
        yield Fault(f"{place}.redacted", f"no narrative leaves with the identifiers in it ({paragraphs})")


def _counts_widen(place: str, suppression: Suppression) -> Iterator[Fault]:
    for name, said, least in (
        ("threshold", suppression.threshold, HOUSE.threshold),
        ("contributors", suppression.contributors, HOUSE.contributors),
    ):
        if said is not None and said < least:
            yield Fault(f"{place}.{name}", f"is below the house's {least}, and a small count identifies (42 CFR 3.212)")


def _unknown_words_widen(document: ArrangementDocument) -> Iterator[Fault]:
    """The narrative engine takes out what the record names: without those fields it would leave the names in the words."""
    if document.narratives.release is NarrativeRelease.NONE:
        return
    for number, path in enumerate(document.scope.withheld):
        if path in IDENTIFYING_PATHS:
            yield Fault(
                f"scope.withheld[{number}]",
                "names somebody, and a narrative is cleaned of what its record names: withhold it from the grades instead, or "
                "release no narratives (42 CFR 3.206(b)(4)(iv), 3.212(b))",
            )


def _state_widenings(place: str, law: StateLaw) -> Iterator[Fault]:
    found = [
        *_disclosures_widen(f"{place}.disclosures", law.disclosures),
        *(_words_widen(f"{place}.narratives", law.narratives) if law.narratives else ()),
        *(_counts_widen(f"{place}.suppression", law.suppression) if law.suppression else ()),
    ]
    for fault in found:
        yield Fault(fault.place, f"a State protects more, never less ({STATE_FLOOR}): {fault.reason}")


def faults(document: ArrangementDocument) -> list[Fault]:
    """Everything in a document that contradicts itself or names what is not there."""
    return [
        *_days(document),
        *_terms(document),
        *_paths("scope.withheld", document.scope.withheld),
        *_grades("disclosures", document.disclosures),
        *chain.from_iterable(_state(f"state_law[{n}]", one) for n, one in enumerate(document.state_law)),
    ]


def _days(document: ArrangementDocument) -> Iterator[Fault]:
    first, until = document.term.first, document.term.until
    named = (("from", first), ("until", until))
    wrong = [Fault(f"term.{name}", "is no day of the calendar") for name, day in named if day and not is_day(day)]
    yield from wrong
    if not wrong and until is not None and until < first:
        yield Fault("term.until", "lies before term.from")


def _terms(document: ArrangementDocument) -> Iterator[Fault]:
    if document.reporting.by is Reporting.FUNCTIONAL and not document.reporting.clause.strip():
        yield Fault("reporting.clause", "functional reporting is defined by a clause of the contract: name it (73 FR 70741)")
    if document.exit.disposition is Disposition.TRANSFER and not document.exit.transfer_to.strip():
        yield Fault("exit.transfer_to", "name the listed PSO that takes it over (42 CFR 3.108(b)(3)(i))")
    if document.exit.disposition is Disposition.DESTROY and not document.exit.why_not_returned.strip():
        yield Fault("exit.why_not_returned", "destroyed only where returning is not practicable (42 CFR 3.108(b)(3)(iii))")


def _state(place: str, law: StateLaw) -> Iterator[Fault]:
    if law.state not in STATES:
        yield Fault(f"{place}.state", "is not the postal code of a State or territory")
    yield from _grades(f"{place}.disclosures", law.disclosures)


def _grades(place: str, disclosures: Sequence[Disclosure]) -> Iterator[Fault]:
    seen = set()
    for number, one in enumerate(disclosures):
        here, law = f"{place}[{number}]", FEDERAL.get(one.grade)
        if one.grade in seen:
            yield Fault(f"{here}.grade", f"{one.grade} is said twice")
        seen.add(one.grade)
        if law is not None and law.dates is None and (one.dates or one.withheld):
            yield Fault(here, "counts have no dates and no fields")
        yield from _paths(f"{here}.withheld", one.withheld)


def _paths(place: str, paths: Sequence[str]) -> Iterator[Fault]:
    for number, path in enumerate(paths):
        if path not in WITHHOLDABLE:
            yield Fault(f"{place}[{number}]", "is no field of an event that can be left out")
