"""Alert: one event that a person should look at now (grade P0)."""

from typing import Annotated

from schemas.protection import plain, provider
from schemas.records.values import UP_TO_HUNDRED, Id, Record, Revision, Short
from schemas.taxonomy import Category, Harm


class Alert(Record, frozen=True):
    """An event with severe harm or death, or that may be a never event. It is open while this revision is the newest."""

    provider: Annotated[Id, provider("PSO-assigned id of the provider.")]
    event_id: Annotated[Id, provider("The provider's id of the event.")]
    revision: Annotated[Revision, plain("Revision of the event.")]
    harm: Annotated[Harm, plain("The worse of the reporter's harm and ours.")]
    categories: Annotated[tuple[Category, ...], plain("Event categories.")]
    never_events: Annotated[tuple[Short, ...], UP_TO_HUNDRED, plain("Never events that it may be.")] = ()
