"""What a manifest says of a record: the version that made it, and how many parts of its narratives went. Never a text.

In P1 the parts are counted by type and by layer. In P2 by type alone: as many placeholders of a type stand in the narratives,
so that the manifest tells the world nothing that the words beside it do not tell. Which of the removed names were those of the
event's own record is told by the layer and by nothing else in P2, so it stays; the same event has it in P1.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
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
        return tuple([_by_layer(kind, layers[kind]) for kind in sorted(layers)])
    return tuple([_of_type(kind, len(layers[kind])) for kind in sorted(layers)])


def summed(counts: Iterable[tuple[RemovedSpans, ...]]) -> tuple[RemovedSpans, ...]:
    """The counts of many texts as those of one."""
    spans: Counter[IdentifierType] = Counter()
    layers: Counter[tuple[IdentifierType, Layer]] = Counter()
    for one in (one for text in counts for one in text):
        spans[one.type] += one.spans
        layers.update({(one.type, found.layer): found.spans for found in one.found_by})
    return tuple(
        RemovedSpans(kind, spans[kind], tuple(FoundBy(at, layers[kind, at]) for at in Layer if layers[kind, at]))
        for kind in sorted(spans)
    )


_FEW = 32
"""Parts of one type up to which a combination is worth keeping: a text full of them would fill the memory."""


def _by_layer(kind: str, layers: list[int]) -> RemovedSpans:
    return _kept(kind, tuple(layers)) if len(layers) <= _FEW else _found_by(kind, layers)


# Counting is on the path of every narrative, and most records have one of few combinations.
@lru_cache(maxsize=1024)
def _of_type(kind: str, spans: int) -> RemovedSpans:
    return RemovedSpans(_TYPES.get(kind, IdentifierType.OTHER), spans)


@lru_cache(maxsize=4096)
def _kept(kind: str, layers: tuple[int, ...]) -> RemovedSpans:
    return _found_by(kind, layers)


def _found_by(kind: str, layers: Sequence[int]) -> RemovedSpans:
    found = Counter(layer for bits in layers for layer in layers_of(bits))
    told = tuple(FoundBy(layer, found[layer]) for layer in Layer if found[layer])
    return RemovedSpans(_TYPES.get(kind, IdentifierType.OTHER), len(layers), told)
