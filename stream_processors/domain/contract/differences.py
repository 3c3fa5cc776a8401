"""What changes from one version of a contract to the next, field by field."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from stream_processors.domain.contract.document import ArrangementDocument

_NOT_SAID = None


class Difference(NamedTuple):
    """One field of the document that is not what it was. None stands for what is not said."""

    path: str
    before: Any
    after: Any


def differences(before: ArrangementDocument, after: ArrangementDocument) -> list[Difference]:
    """Every field that changes, in the order of the document."""
    return list(_changes("", *(msgspec.to_builtins(one, order="deterministic") for one in (before, after))))


def _changes(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in (*before, *(name for name in after if name not in before)):
            inner = f"{path}.{name}" if path else name
            yield from _changes(inner, before.get(name, _NOT_SAID), after.get(name, _NOT_SAID))
    elif _tables(before) and _tables(after):
        for number in range(max(len(before), len(after))):
            pair = (side[number] if number < len(side) else _NOT_SAID for side in (before, after))
            yield from _changes(f"{path}[{number}]", *pair)
    else:
        yield Difference(path, before, after)


def _tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, Mapping) for one in value)
