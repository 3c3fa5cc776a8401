"""Which events a person should look at now: severe harm or death, and what may be a never event."""

from schemas.records import Alert, ClassifiedEvent
from schemas.taxonomy import Action, Harm
from stream_processors.domain.classification.effective import effective_categories, effective_harm

SEVERE = (Harm.DEATH, Harm.SEVERE)
"""The worst first."""


def alert(record: ClassifiedEvent) -> Alert | None:
    """The alert of this revision, or None. A withdrawal raises none, and ends those of earlier revisions.

    Nor do the invented events of a test arrangement: nobody is to be woken for them.
    """
    event, never_events = record.event, record.classification.never_events
    harm = _worst(record)
    if record.acceptance.test or event.action is Action.WITHDRAW or (harm not in SEVERE and not never_events):
        return None
    return Alert(
        provider=event.provider,
        event_id=event.event_id,
        revision=event.revision,
        harm=harm,
        categories=effective_categories(record),
        never_events=never_events,
    )


def _worst(record: ClassifiedEvent) -> Harm:
    """By the reporter or by our advice: who is wrong is what the person finds out."""
    said = (record.event.harm, record.classification.harm)
    return next((harm for harm in SEVERE if harm in said), effective_harm(record))
