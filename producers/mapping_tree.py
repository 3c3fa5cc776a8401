"""Where a mapping puts a value: paths such as `medications[].dose`, and the tree of an event that grows from them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_STEP = re.compile(r"([a-z_]+)(?:\[(\d*)\])?")
EACH = -1
"""The position in `name[]`: one entry per row of a group, or per part of a split cell."""

Place = tuple[int, int]
"""Which row of the group, and which part of its cell, a value comes from."""


@dataclass(frozen=True, slots=True)
class Step:
    """A field name; in a list also the entry: a number, or EACH. `position` None: no list."""

    name: str
    position: int | None = None


class Entries(dict[Place, Any]):
    """The entries of a list by where they come from."""


def parse_path(text: str) -> tuple[Step, ...]:
    """The steps of a path. Raises ValueError."""
    steps = []
    for part in text.split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            raise ValueError("a path is names with dots between, lists as name[] or name[0]")
        name, inside = found.groups()
        steps.append(Step(name, None if inside is None else EACH if inside == "" else int(inside)))
    return tuple(steps)


def put(tree: dict[str, Any], steps: tuple[Step, ...], place: Place, value: object) -> None:
    """Sets a value, making what lies on the way. With two `[]` the rows make the outer and the parts the inner list."""
    row, part = place
    several = sum(step.position == EACH for step in steps) > 1
    places = iter([(row, 0), (0, part)] if several else [place])
    node: Any = tree
    for step in steps[:-1]:
        node = _below(node, step, places)
    last = steps[-1]
    if last.position is None:
        node[last.name] = value
    else:
        node.setdefault(last.name, Entries())[_place(last, places)] = value


def put_one(tree: dict[str, Any], steps: tuple[Step, ...], value: object) -> None:
    """`put` for a path without `[]`."""
    node: Any = tree
    for step in steps[:-1]:
        if step.position is None:
            node = node.setdefault(step.name, {})
        else:
            node = node.setdefault(step.name, Entries()).setdefault((EACH, step.position), {})
    last = steps[-1]
    if last.position is None:
        node[last.name] = value
    else:
        node.setdefault(last.name, Entries())[EACH, last.position] = value


def fill(tree: dict[str, Any], steps: tuple[Step, ...], value: object, *, create: bool) -> None:
    """Sets a value where nothing is; never makes a list entry, and a record on the way only with `create`."""
    *way, last = steps
    if not way:
        tree.setdefault(last.name, value)
        return
    for node in _existing(tree, tuple(way), create):
        node.setdefault(last.name, value)


def finished(node: Any) -> Any:
    """The tree as plain dicts and lists. Rows that say the same make one entry; a numbered entry stands for itself."""
    if isinstance(node, Entries):
        entries: list[Any] = []
        for place in sorted(node):
            entry = finished(node[place])
            if place[0] == EACH or entry not in entries:
                entries.append(entry)
        return entries
    if isinstance(node, dict):
        return {name: finished(inner) if isinstance(inner, dict) else inner for name, inner in node.items()}
    return node


def _below(node: dict[str, Any], step: Step, places: Iterator[Place]) -> Any:
    if step.position is None:
        return node.setdefault(step.name, {})
    return node.setdefault(step.name, Entries()).setdefault(_place(step, places), {})


def _place(step: Step, places: Iterator[Place]) -> Place:
    """Entries with a number come before those of rows."""
    return next(places) if step.position == EACH else (EACH, step.position or 0)


def _existing(tree: dict[str, Any], way: tuple[Step, ...], create: bool) -> Iterator[dict[str, Any]]:
    if not way:
        yield tree
        return
    step, *rest = way
    if step.position is None:
        inner = [tree.setdefault(step.name, {})] if create else [tree[step.name]] if step.name in tree else []
    else:
        entries = tree.get(step.name, {})
        inner = [entry for place, entry in entries.items() if step.position == EACH or place == (EACH, step.position)]
    for node in inner:
        yield from _existing(node, tuple(rest), create)
