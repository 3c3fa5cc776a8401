"""What a manifest says of a record: the version that made it, and how many parts of its narratives went. Never a text.

In P1 the parts are counted by type and by layer. In P2 by type alone: as many placeholders of a type stand in the narratives,
so that the manifest tells the world nothing that the words beside it do not tell. Which of the removed names were those of the
event's own record is told by the layer and by nothing else in P2, so it stays; the same event has it in P1.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from msgspec.structs import replace

from schemas.grades import Grade
from schemas.records.manifest import FoundBy, Manifest, RemovedSpans
from schemas.redaction import IdentifierType, Layer
from stream_processors.domain.deidentification.layers import layers_of
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.version import EngineVersion

_TYPES = {str(type_).upper(): type_ for type_ in IdentifierType}


def manifest_of(version: EngineVersion) -> Manifest:
    """The hashes, before anything was counted."""
    return Manifest(version.id, version.code, version.lexicon, version.model, version.policy)


def counted(manifest: Manifest, spans: Iterable[Span], grade: Grade) -> Manifest:
    """The manifest with the counts of these removed parts."""
    found = removed(spans, by_layer=grade is Grade.P1)
    return replace(manifest, removed=found) if found else manifest


def removed(spans: Iterable[Span], *, by_layer: bool) -> tuple[RemovedSpans, ...]:
    """The removed parts by type and, where asked, within each type by layer."""
    layers: dict[str, list[int]] = {}
    for span in spans:
        if span.kind in layers:
            layers[span.kind].append(span.layers)
        else:
            layers[span.kind] = [span.layers]
    if by_layer:
        return tuple([_by_layer(kind, tuple(layers[kind])) for kind in sorted(layers)])
    return tuple([_of_type(kind, len(layers[kind])) for kind in sorted(layers)])


# Counting is on the path of every narrative, and most records have one of few combinations.
@lru_cache(maxsize=1024)
def _of_type(kind: str, spans: int) -> RemovedSpans:
    return RemovedSpans(_TYPES.get(kind, IdentifierType.OTHER), spans)


@lru_cache(maxsize=4096)
def _by_layer(kind: str, layers: tuple[int, ...]) -> RemovedSpans:
    found = Counter(layer for bits in layers for layer in layers_of(bits))
    told = tuple(FoundBy(layer, found[layer]) for layer in Layer if found[layer])
    return RemovedSpans(_TYPES.get(kind, IdentifierType.OTHER), len(layers), told)
