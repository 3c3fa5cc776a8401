"""The fields of the canonical event by dotted path: which type of value a path takes."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any

from msgspec import inspect

from schemas.records import SafetyEvent

_INDEX = re.compile(r"\[[^\]]*\]")


def names_of(path: str) -> tuple[str, ...]:
    """The field names of a path, without list positions: `medications[0].dose` -> medications, dose."""
    return tuple(_INDEX.sub("", path).split("."))


@cache
def type_at(names: tuple[str, ...]) -> inspect.Type:
    """The type of a field, without bounds and without `or none`. Raises KeyError when there is no such field."""
    found: inspect.Type = inspect.type_info(SafetyEvent)
    for name in names:
        found = bare(fields_of(item_of(found))[name].type)
    return found


def bare(found: inspect.Type) -> inspect.Type:
    if isinstance(found, inspect.Metadata):
        return bare(found.type)
    if isinstance(found, inspect.UnionType):
        return bare(next(arm for arm in found.types if not isinstance(arm, inspect.NoneType)))
    return found


def may_be_absent(found: inspect.Type) -> bool:
    """Whether a field of this type may be none."""
    if isinstance(found, inspect.Metadata):
        return may_be_absent(found.type)
    return isinstance(found, inspect.UnionType) and any(isinstance(arm, inspect.NoneType) for arm in found.types)


def item_of(found: inspect.Type) -> inspect.Type:
    """The type of the items of a list; any other type itself."""
    return bare(found.item_type) if isinstance(found, inspect.VarTupleType) else found


def is_list(found: inspect.Type) -> bool:
    return isinstance(found, inspect.VarTupleType)


def is_record(found: inspect.Type) -> bool:
    return isinstance(found, inspect.StructType)


def allowed_at(path: str) -> tuple[str, ...]:
    """The values of a closed vocabulary; empty where the path takes any text or is no field."""
    try:
        found = item_of(type_at(names_of(path)))
    except KeyError:
        return ()
    return tuple(str(member) for member in found.cls) if isinstance(found, inspect.EnumType) else ()


def known_below(path: str) -> tuple[str, ...]:
    """The names of the fields of the record at `path`; of the event itself when `path` is empty."""
    found = type_at(names_of(path) if path else ())
    return tuple(fields_of(item_of(found)))


def close_to(name: str, known: Iterable[str]) -> str:
    """The known name most like this one; empty when none is alike. Says nothing of the name itself."""
    return next(iter(get_close_matches(name, list(known), n=1)), "")


def fields_of(found: inspect.Type) -> dict[str, Any]:
    """The fields of a record by name; none of what is no record."""
    return {field.name: field for field in found.fields} if isinstance(found, inspect.StructType) else {}


def misfit(found: inspect.Type, value: object) -> str:
    """Why a value of a mapping file does not fit a field; empty when it does. Bounds are checked with each event."""
    if is_list(found):
        if not isinstance(value, list):
            return "must be a list"
        return next((why for item in value if (why := misfit(item_of(found), item))), "")
    if isinstance(found, inspect.EnumType):
        symbols = [str(member) for member in found.cls]
        return "" if value in symbols else "must be one of " + ", ".join(symbols)
    expected = _KINDS.get(type(found))
    if expected is None:
        return "must name a single field, not a whole record"
    return "" if type(value) is expected else f"must be of type {expected.__name__}"


_KINDS: dict[type, type] = {inspect.StrType: str, inspect.IntType: int, inspect.BoolType: bool}
