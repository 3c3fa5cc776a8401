"""The layers of the narrative engine as bits of a number, so that a span keeps every layer that found it."""

from collections.abc import Mapping
from types import MappingProxyType

from schemas.redaction import Layer

RECORD, SHAPES, TAGGER, PROPAGATION, TIES, AGES, ENCODED = (1 << place for place in range(7))

_BITS: Mapping[int, Layer] = MappingProxyType(
    {
        RECORD: Layer.RECORD,
        SHAPES: Layer.SHAPES,
        TAGGER: Layer.TAGGER,
        PROPAGATION: Layer.PROPAGATION,
        TIES: Layer.TIES,
        AGES: Layer.AGES,
        ENCODED: Layer.ENCODED,
    }
)


def layers_of(bits: int) -> tuple[Layer, ...]:
    """The layers whose bits are set, in their order; `other` for a span that says none."""
    return tuple(layer for bit, layer in _BITS.items() if bits & bit) or (Layer.OTHER,)
