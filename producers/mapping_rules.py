"""One [[field]] of a mapping file -> a rule, or what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import inspect

from producers import mapping_values as values
from producers.fields import close_to, is_list, is_record, item_of, known_below, misfit, type_at
from producers.mapping import Combine, Combining, Part, Rule
from producers.mapping_crosswalk import by_crosswalk, harm_as_written, wrong_crosswalk
from producers.mapping_quantity import quantity, whole_quantity
from producers.mapping_tree import EACH, Step, parse_path
from producers.mapping_values import Convert


class FieldTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A [[field]] as written."""

    to: str
    column: str
    values: dict[str, str | int | bool] | None = None
    ignore_case: bool = False
    otherwise: str | int | bool | None = None
    date: str | list[str] | None = None
    time: str | list[str] | None = None
    instant: str | list[str] | None = None
    split: str | None = None
    after: str | None = None
    before: str | None = None
    where: dict[str, str] = {}
    crosswalk: str | None = None
    decimal: Literal[",", "."] | None = None
    units: dict[str, int] = {}
    combine: Combine = Combine.SAME
    separator: str = "; "
    prefer: list[str | int | bool] = []
    prefix: str = ""
    keep_original: bool = True


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a mapping file, at which key."""

    key: str
    reason: str


_MOMENTS = {
    "date": (values.as_date, ("%Y",)),
    "time": (values.as_time, ("%H|%I", "%M")),
    "instant": (values.as_instant, ("%Y", "%m|%b|%B", "%d", "%H|%I", "%M", "%z")),
}


_MOST_REMEMBERED = 4_096
_FORMS = ("values", "crosswalk", *_MOMENTS, "decimal", "units")


def rules_of(field: FieldTable) -> tuple[list[Rule], list[Mistake]]:
    """The rules, and every mistake found; without a usable path no rule. A harm scale keeps its value beside the code."""
    rule, mistakes = _rule_of(field)
    if rule is None:
        return [], mistakes
    return [rule, *harm_as_written(rule, field.crosswalk)], mistakes


def _rule_of(field: FieldTable) -> tuple[Rule | None, list[Mistake]]:
    try:
        steps = parse_path(field.to)
    except ValueError as error:
        return None, [Mistake("to", str(error))]
    found, why = field_type(steps)
    if found is None or why:
        return None, [Mistake("to", why)]
    mistakes = list(_mistakes(field, found, steps))
    strict = values.as_is if mistakes else _remembered(_strict(field, found))
    rule = Rule(
        to=field.to,
        steps=steps,
        column=field.column,
        convert=strict if field.otherwise is None else values.otherwise(strict, field.otherwise),
        strict=strict,
        reads_no_value=field.values == {},
        split=field.split,
        part=Part(field.after, field.before),
        where=tuple(field.where.items()),
        combining=Combining(field.combine, field.separator, tuple(field.prefer), field.prefix),
        keeps_original=field.keep_original,
        way=_way(field, found),
        formats=next((formats for name in _MOMENTS if (formats := _formats(field, name))), ()),
        lists_values=field.values is not None,
    )
    return rule, mistakes


def _way(field: FieldTable, found: inspect.Type) -> str:
    """What the mapping file says of the rule, without any value of a cell."""
    named = {"crosswalk": f"crosswalk {field.crosswalk}", "combine": f"combine {field.combine}"}
    given = [name for name in (*_FORMS, "split", "after", "before", "where") if getattr(field, name) not in (None, {})]
    given += ["combine"] if field.combine is not Combine.SAME else []
    plain = "canonical code" if isinstance(found, inspect.EnumType) else "as written"
    return " + ".join(named.get(name, name) for name in given) or plain


def field_type(steps: tuple[Step, ...]) -> tuple[inspect.Type | None, str]:
    """The type of the values at a path, or why there are none. A list's own name stands for the list."""
    found: inspect.Type = type_at(())
    for number, step in enumerate(steps, 1):
        names = tuple(before.name for before in steps[:number])
        try:
            found = type_at(names)
        except KeyError:
            alike = close_to(step.name, known_below(".".join(names[:-1])))
            return None, "the canonical event has no such field" + (f"; is `{alike}` meant?" if alike else "")
        if step.position is not None and not is_list(found):
            return None, f"{step.name} is no list"
        if step.position is None and is_list(found) and number < len(steps):
            return None, f"{step.name} is a list: write {step.name}[] or {step.name}[0]"
    return (item_of(found) if steps[-1].position is not None else found), ""


def _mistakes(field: FieldTable, found: inspect.Type, steps: tuple[Step, ...]) -> Iterator[Mistake]:
    if is_list(found):
        yield Mistake("to", f"{steps[-1].name} is a list: write {field.to}[]")
        return
    if is_record(found):
        yield Mistake("to", "is a whole record: name one of its fields, " + ", ".join(known_below(field.to)))
        return
    for text, value in (field.values or {}).items():
        if value != "" and (why := misfit(found, value)):
            yield Mistake(f"values {text!r}", why)
    if field.otherwise not in (None, "") and (why := misfit(found, field.otherwise)):
        yield Mistake("otherwise", why)
    if isinstance(found, inspect.BoolType) and field.values is None:
        yield Mistake("values", "must say which values mean true and which false")
    yield from _mistakes_of_form(field, steps)


def _mistakes_of_form(field: FieldTable, steps: tuple[Step, ...]) -> Iterator[Mistake]:
    given = [name for name in ("values", "crosswalk", *_MOMENTS) if getattr(field, name) is not None]
    given += ["decimal or units"] if field.decimal or field.units else []
    if len(given) > 1:
        yield Mistake(" and ".join(given), "only one of them can apply")
    for name, (_, needs) in _MOMENTS.items():
        for form in _formats(field, name):
            if why := values.wrong_format(form, needs=needs, of_birth=field.to.endswith("birth_date")):
                yield Mistake(name, why)
        if two := values.ambiguous(_formats(field, name)):
            yield Mistake(name, f"{two[0]} and {two[1]} read one text as two dates: declare the one that the column is in")
    for name in ("split", "after", "before"):
        if getattr(field, name) == "":
            yield Mistake(name, "must be the separator")
    if field.crosswalk is not None and (why := wrong_crosswalk(field.crosswalk, field.to)):
        yield Mistake("crosswalk", why)
    if any(size < 1 for size in field.units.values()):
        yield Mistake("units", "how many of this unit make one: 1 or more")
    yield from _mistakes_of_combining(field, steps)


def _mistakes_of_combining(field: FieldTable, steps: tuple[Step, ...]) -> Iterator[Mistake]:
    each = any(step.position == EACH for step in steps)
    if each and (field.combine is not Combine.SAME or field.prefix):
        yield Mistake("combine", "a list keeps every value: nothing is combined")
    if (field.combine is Combine.PREFER) != bool(field.prefer):
        yield Mistake("prefer", 'goes with combine = "prefer"')


def _formats(field: FieldTable, name: str) -> tuple[str, ...]:
    given = getattr(field, name)
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)


def _remembered(convert: Convert) -> Convert:
    """Pick-lists and dates repeat: reading a date again costs more than the rest of its rule. Free text is not worth it."""
    return convert if convert is values.as_is else lru_cache(maxsize=_MOST_REMEMBERED)(convert)


def _strict(field: FieldTable, found: inspect.Type) -> Convert:
    if field.values is not None:
        return values.mapped(field.values, ignore_case=field.ignore_case)
    if field.crosswalk is not None:
        return by_crosswalk(field.crosswalk)
    if field.decimal or field.units:
        whole = isinstance(found, inspect.IntType)
        return whole_quantity(field.decimal or ".", field.units) if whole else quantity(field.decimal or ".", field.units)
    for name, (written, _) in _MOMENTS.items():
        if formats := _formats(field, name):
            return values.moment(formats, written)
    if isinstance(found, inspect.EnumType):
        return values.symbol_of(found)
    return values.whole_number if isinstance(found, inspect.IntType) else values.as_is
