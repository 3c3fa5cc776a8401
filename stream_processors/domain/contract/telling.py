"""A policy as a person reads it before it is activated: what may leave, to whom, by which paragraph."""

from collections.abc import Iterator
from typing import Any

from schemas.grades import Grade
from stream_processors.domain.contract.compiling import (
    SINGLE_EVENTS,
    compiled,
    is_open,
    recipients,
    restriction_in,
    suppression,
)
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.federal import FEDERAL, SERVED


def described(document: ArrangementDocument) -> dict[str, Any]:
    """The compiled policy as JSON. Raises WidensTheLaw."""
    policy = compiled(document)
    threshold, contributors = suppression(document)
    return {
        "id": policy.id,
        "policy_version": policy.policy_version,
        "provider": policy.provider,
        "provider_type": str(policy.provider_type),
        "in_force_from": policy.in_force_from,
        "in_force_until": policy.in_force_until,
        "reporting": str(document.reporting.by),
        "test": policy.test,
        "scope": {
            "report_types": sorted(map(str, policy.report_types)),
            "categories": sorted(map(str, policy.categories)),
            "settings": sorted(map(str, policy.settings)),
            "formats": sorted(policy.formats),
            "withheld": list(policy.withheld),
        },
        "narrative_release": str(policy.narrative_release),
        "grades": {str(grade): _grade(document, grade) for grade in (*SINGLE_EVENTS, Grade.A)},
        "suppression": {"threshold": threshold, "contributors": contributors},
    }


def _grade(document: ArrangementDocument, grade: Grade) -> dict[str, Any]:
    told: dict[str, Any] = {
        "open": is_open(document, grade),
        "recipients": sorted(map(str, recipients(document, grade))),
        "permitted_by": FEDERAL[grade].permitted_by,
    }
    if grade in SINGLE_EVENTS:
        restriction = restriction_in(document, grade)
        told |= {"dates": str(restriction.dates), "withheld": list(restriction.withheld)}
    return told


def remarks(document: ArrangementDocument) -> Iterator[str]:
    """What a person might not expect, though it is lawful."""
    for grade in (*SINGLE_EVENTS, Grade.A):
        said = recipients(document, grade)
        if said and not is_open(document, grade):
            missing = ", ".join(sorted(SERVED[grade] - said))
            yield f"{grade} stays closed: what serves it also serves {missing}, whom the contract does not permit"
