"""Hypothesis strategies for every record type, made from the types themselves: a new field is drawn without a change here."""

import re
from typing import Any, get_type_hints

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from schemas.records import Record

_LONG_MAX = 2**63 - 1


def records(record: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Valid records of a type, the optional fields often absent, as in life."""
    hints = get_type_hints(record, include_extras=True)
    return st.builds(record, **{name: _drawn(inspect.type_info(hint)) for name, hint in hints.items()})


def _drawn(kind: Any) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.Metadata():
            return _drawn(kind.type)
        case inspect.UnionType():
            return st.one_of(*(_drawn(arm) for arm in kind.types[::-1]))
        case inspect.NoneType():
            return st.none()
        case inspect.EnumType():
            return st.sampled_from(list(kind.cls))
        case inspect.VarTupleType():
            return st.lists(_drawn(kind.item_type), min_size=kind.min_length or 0, max_size=max(2, kind.min_length or 0)).map(
                tuple
            )
        case inspect.StructType():
            return records(kind.cls)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType() | inspect.FloatType():
            return _number(kind)
        case inspect.StrType():
            return _text(kind)
    raise TypeError(f"no strategy for {kind}")


def _number(kind: inspect.IntType | inspect.FloatType) -> st.SearchStrategy[Any]:
    if isinstance(kind, inspect.FloatType):
        return st.floats(kind.ge, kind.le, allow_nan=False, allow_infinity=False)
    return st.integers(kind.ge or 0, _LONG_MAX if kind.le is None else kind.le)


def _text(kind: inspect.StrType) -> st.SearchStrategy[str]:
    if kind.pattern is not None:
        drawn = st.from_regex(re.compile(kind.pattern, re.ASCII), fullmatch=True)
        return drawn.filter(lambda text: len(text) <= (kind.max_length or len(text)) and "\n" not in text)
    short = st.text(max_size=min(kind.max_length or 20, 20))
    # Around 64 and 8192 characters a length takes one byte more; 4096 is where avro_writer leaves its table.
    edges = [size for size in (63, 64, 200, 4095, 4096, 8191, 8192) if size <= (kind.max_length or 0)]
    return short | st.sampled_from(edges).map("é".__mul__)


def plain(record: Record) -> Any:
    """A record as the dicts, lists and strings that Avro libraries take and give."""
    return msgspec.json.decode(msgspec.json.encode(record))
