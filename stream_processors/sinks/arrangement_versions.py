"""pso-arrangements-activated -> protected.arrangement_versions: every version of every contract, for those who ask in SQL."""

import msgspec

from schemas import topics
from schemas.grades import Grade
from schemas.records import ArrangementActivated
from stream_processors.domain.contract.compiling import is_open, suppression
from stream_processors.domain.contract.reading import parse_document
from stream_processors.shapes import Arrival, Sink


def row(record: ArrangementActivated, arrival: Arrival) -> tuple[object, ...]:
    """The document whole, and what a release of counts must know of it."""
    document = parse_document(record.document)
    threshold, contributors = suppression(document)
    return (
        record.arrangement,
        record.policy_version,
        arrival.digest,
        record.provider,
        record.effective_at,
        msgspec.json.encode(msgspec.to_builtins(document, order="deterministic")).decode(),
        is_open(document, Grade.A),
        threshold,
        contributors,
        record.activated_by,
        record.reason,
    )


ARRANGEMENT_VERSIONS = Sink(
    name="arrangement-versions",
    reads=(topics.ARRANGEMENTS_ACTIVATED,),
    table="arrangement_versions",
    grade=Grade.P0,
    key=("arrangement", "policy_version", "digest"),
    columns=(
        "arrangement",
        "policy_version",
        "digest",
        "provider",
        "effective_at",
        "document",
        "counts_leave",
        "threshold",
        "contributors",
        "activated_by",
        "reason",
    ),
    row=row,
)
