"""Manifest: by which version of the de-identification a record was made, and how many parts of its narratives went."""

from typing import Annotated

from msgspec import Meta

from schemas.protection import plain
from schemas.records.values import Count, Record
from schemas.redaction import IdentifierType, Layer

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""A SHA-256 in hexadecimal."""

EngineId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
"""The first 16 hexadecimal digits of the SHA-256 over the four hashes of a version."""


class FoundBy(Record, frozen=True):
    """How many of the removed parts one layer found. What two layers found counts for both."""

    layer: Annotated[Layer, plain("Layer of the narrative engine.")]
    spans: Annotated[Count, plain("Removed parts that it found.")]


class RemovedSpans(Record, frozen=True):
    """How many parts of one type were removed from the narratives of a record; as many placeholders of it stand there."""

    type: Annotated[IdentifierType, plain("Type of identifier.")]
    spans: Annotated[Count, plain("Removed parts: stretches of text, each one placeholder.")]
    found_by: Annotated[
        tuple[FoundBy, ...], plain("The same by layer. Empty in P2, where the placeholders tell the rest.")
    ] = ()


class Manifest(Record, frozen=True):
    """Hashes and counts, so that nothing of a text can stand in it. The same for every grade that single events leave in."""

    engine: Annotated[EngineId, plain("Version of the de-identification: one id for the four hashes.")]
    code: Annotated[Sha256, plain("Hash of the source of the de-identification package.")]
    lexicon: Annotated[Sha256, plain("Hash of the shipped word list.")]
    model: Annotated[Sha256, plain("Hash of the shipped tagger model.")]
    policy: Annotated[Sha256, plain("Hash of the grade rules, and of where which arrangement lets narratives go.")]
    combinations: Annotated[
        Sha256 | None,
        plain("Hash of the counts of which rare characteristics were asked, of no bytes where there were none; P2 alone."),
    ] = None
    realistic_names: Annotated[bool, plain("Names in the narratives are invented ones and no tags; P1 alone.")] = False
    removed: Annotated[tuple[RemovedSpans, ...], plain("What was removed from the narratives, by type.")] = ()
