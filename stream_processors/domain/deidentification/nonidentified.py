"""P2, an event that identifies nobody: 42 CFR 3.206(b)(5) by removal, 3.212(a)(2) and (b). Copied by allow-list.

Of places the State and three digits of a ZIP code that more than 20,000 people share, of dates the year, no time of day, ages
over 89 as one group. What is disclosed in this grade is no longer protected, and cannot be called back. What becomes of each
field stands in `rules.py`, through which the event is seen.
"""

from functools import partial

from msgspec.structs import replace

from schemas.grades import Grade
from schemas.records import ClassifiedEvent, NonidentifiedEvent
from schemas.records.people import Facility
from schemas.taxonomy import Action, NarrativeDates
from stream_processors.domain.classification.effective import (
    effective_categories,
    effective_harm,
    effective_report_type,
)
from stream_processors.domain.deidentification.ages import age_group
from stream_processors.domain.deidentification.contributing_factors import known_factors
from stream_processors.domain.deidentification.counting import counted
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY, NarrativeEngine
from stream_processors.domain.deidentification.narrative import Manner, released_narratives
from stream_processors.domain.deidentification.rare import UNASKED, Rarity, without_rare
from stream_processors.domain.deidentification.relative_dates import days_after, whole_day
from stream_processors.domain.deidentification.release import release_of
from stream_processors.domain.deidentification.rules_applied import permitted
from stream_processors.domain.deidentification.states import state
from stream_processors.domain.deidentification.zip3 import zip3


def nonidentify(
    record: ClassifiedEvent,
    event_surrogate: str,
    contributor_surrogate: str,
    engine: NarrativeEngine = PATTERNS_ONLY,
    rarity: Rarity = UNASKED,
) -> NonidentifiedEvent:
    """The event under its surrogates, which are random and derived from nothing: 42 CFR 3.212(a)(3).

    Raises Rejected: quarantined where a narrative could not be vouched for, rare where the event itself singles somebody out.
    """
    seen = permitted(record, Grade.P2)
    event = seen.event
    disclosed = partial(
        NonidentifiedEvent,
        event=event_surrogate,
        revision=event.revision,
        action=event.action,
        contributor=contributor_surrogate,
        policy_version=seen.acceptance.policy_version,
        test=seen.acceptance.test,
    )
    if event.action is Action.WITHDRAW:
        return disclosed(manifest=engine.manifest)
    release = release_of(record.event, Grade.P2, engine.layers)
    day = whole_day(event.event_date) if seen.acceptance.narrative_dates is NarrativeDates.RELATIVE else None
    of_facility = _place(event.facility) if event.facility else (None, None)
    fields = disclosed(
        provider_type=seen.acceptance.provider_type,
        report_type=effective_report_type(seen),
        categories=effective_categories(seen),
        harm=effective_harm(seen),
        event_year=int(event.event_date[:4]) if event.event_date else None,
        discovery_day=days_after(event.discovery_date, day),
        report_day=days_after(event.report_date, day),
        setting=event.setting,
        state=of_facility[0],
        zip3=of_facility[1],
        age=age_group(event.patient.age_years) if event.patient else None,
        sex=event.patient.sex if event.patient else None,
        devices=tuple(map(release.device, event.devices)),
        medications=tuple(map(release.medication, event.medications)),
        contributing_factors=known_factors(event.contributing_factors),
    )
    told, unsaid = without_rare(fields, rarity)
    words = released_narratives(seen, release.known, Grade.P2, engine, Manner(unsaid=unsaid))
    manifest = replace(engine.manifest, combinations=rarity.snapshot)
    return replace(told, narratives=words.narratives, manifest=counted(manifest, words.spans, Grade.P2))


def _place(facility: Facility) -> tuple[str | None, str | None]:
    """State and ZIP3. Without a State there is no ZIP3: whoever wrote no State wrote no address that could be trusted."""
    found = state(facility.state)
    return found, zip3(facility.zip_code) if found else None
