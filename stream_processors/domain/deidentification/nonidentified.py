"""P2, an event that identifies nobody: 42 CFR 3.206(b)(5) by removal, 3.212(a)(2) and (b). Copied by allow-list.

No geography below the State, no element of a date but the year, no time of day, ages over 89 as one group. What is
disclosed in this grade is no longer protected, and cannot be called back.
"""

from schemas.grades import Grade
from schemas.records import ClassifiedEvent, NonidentifiedEvent
from schemas.taxonomy import Action
from stream_processors.domain.classification.effective import (
    effective_categories,
    effective_harm,
    effective_report_type,
)
from stream_processors.domain.deidentification.contributing_factors import known_factors
from stream_processors.domain.deidentification.known import OLDEST_AGE
from stream_processors.domain.deidentification.narrative import released_narratives
from stream_processors.domain.deidentification.release import release_of
from stream_processors.domain.deidentification.states import state


def nonidentify(record: ClassifiedEvent, event_surrogate: str, contributor_surrogate: str) -> NonidentifiedEvent:
    """The event under its surrogates, which are random and derived from nothing: 42 CFR 3.212(a)(3).

    Raises Rejected (quarantined) where a narrative could not be vouched for.
    """
    event = record.event
    if event.action is Action.WITHDRAW:
        return NonidentifiedEvent(
            event=event_surrogate,
            revision=event.revision,
            action=event.action,
            contributor=contributor_surrogate,
            policy_version=record.acceptance.policy_version,
        )
    release = release_of(event, Grade.P2)
    return NonidentifiedEvent(
        event=event_surrogate,
        revision=event.revision,
        action=event.action,
        contributor=contributor_surrogate,
        policy_version=record.acceptance.policy_version,
        provider_type=record.acceptance.provider_type,
        report_type=effective_report_type(record),
        categories=effective_categories(record),
        harm=effective_harm(record),
        event_year=int(event.event_date[:4]) if event.event_date else None,
        setting=event.setting,
        state=state(event.facility.state) if event.facility else None,
        age=age_group(event.patient.age_years) if event.patient else None,
        sex=event.patient.sex if event.patient else None,
        devices=tuple(map(release.device, event.devices)),
        medications=tuple(map(release.medication, event.medications)),
        contributing_factors=known_factors(event.contributing_factors),
        narratives=released_narratives(record, release.known, Grade.P2),
    )


def age_group(years: int | None) -> str | None:
    """The age in whole years to 89, `90+` above."""
    if years is None:
        return None
    return str(years) if years <= OLDEST_AGE else f"{OLDEST_AGE + 1}+"
