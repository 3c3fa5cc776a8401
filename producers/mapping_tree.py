"""Where a mapping puts a value: paths such as `medications[].dose`, and the tree of an event that grows from them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

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


class Hop(NamedTuple):
    """One look on a way: in a record by a field's name, in a list by the place of an entry."""

    key: str | Place
    makes: type[dict[Any, Any]]
    """What lies there, when it is not there yet."""


def hops(steps: tuple[Step, ...]) -> list[Hop]:
    """The looks that a path without `[]` takes."""
    found = []
    for step in steps:
        if step.position is None:
            found.append(Hop(step.name, dict))
        else:
            found += [Hop(step.name, Entries), Hop((EACH, step.position), dict)]
    return found


def reached(tree: dict[str, Any], way: tuple[Hop, ...]) -> Any:
    """What lies at the end of the way, made together with what lies on it."""
    node: Any = tree
    for key, makes in way:
        if key not in node:
            node[key] = makes()
        node = node[key]
    return node


def fill(tree: dict[str, Any], steps: tuple[Step, ...], value: object, *, create: bool) -> None:
    """Sets a value where nothing is; never makes a list entry, and a record on the way only with `create`."""
    for node in _existing([tree], steps[:-1], create):
        node.setdefault(steps[-1].name, value)


def finished(node: Any) -> Any:
    """The tree as plain dicts and lists, in place. Rows that say the same make one entry; a numbered one stands for itself."""
    if isinstance(node, Entries):
        entries: list[Any] = []
        for place in sorted(node) if len(node) > 1 else node:
            entry = node[place]
            if isinstance(entry, dict):
                entry = finished(entry)
            if place[0] == EACH or entry not in entries:
                entries.append(entry)
        return entries
    if isinstance(node, dict):
        for name, inner in node.items():
            if isinstance(inner, dict):
                node[name] = finished(inner)
    return node


def _below(node: dict[str, Any], step: Step, places: Iterator[Place]) -> Any:
    if step.position is None:
        return node.setdefault(step.name, {})
    return node.setdefault(step.name, Entries()).setdefault(_place(step, places), {})


def _place(step: Step, places: Iterator[Place]) -> Place:
    """Entries with a number come before those of rows."""
    return next(places) if step.position == EACH else (EACH, step.position or 0)


def _existing(nodes: list[dict[str, Any]], way: tuple[Step, ...], create: bool) -> list[dict[str, Any]]:
    for step in way:
        if step.position is None:
            nodes = [
                node.setdefault(step.name, {}) if create else node[step.name] for node in nodes if create or step.name in node
            ]
        elif step.position == EACH:
            nodes = [entry for node in nodes for entry in node.get(step.name, {}).values()]
        else:
            place = (EACH, step.position)
            nodes = [node[step.name][place] for node in nodes if place in node.get(step.name, ())]
    return nodes
