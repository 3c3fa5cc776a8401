"""ArrangementActivated: a version of a contract that the PSO puts in force (grade P0)."""

from typing import Annotated

from schemas.protection import free_text, plain, provider
from schemas.records.values import Count, Id, Instant, Record, Short, Text


class ArrangementActivated(Record, frozen=True):
    """One version of an arrangement, whole, so that a replay decides as the first run did. The first of a version counts."""

    arrangement: Annotated[Id, provider("The arrangement.")]
    policy_version: Annotated[Count, plain("Version of the document; of those in effect the highest is in force.")]
    provider: Annotated[Id, provider("PSO-assigned id of the provider.")]
    effective_at: Annotated[Instant, plain("From when on events come in under it, by the broker's clock.")]
    document: Annotated[Text, provider("The document as it was checked, in TOML.")]
    activated_by: Annotated[Short, provider("Who decided it: a name or staff number of the PSO's workforce.")]
    reason: Annotated[Short, free_text("Why.")]
