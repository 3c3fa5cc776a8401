"""A mapping at work: the rows of one event, as a provider's system writes them, become the canonical fields.

A plan is made once for a file. It remembers what a rule made of a cell: pick-lists and dates repeat, and a cell that was seen
before costs one look. Free text is not worth it, and long cells are not kept: memory stays flat whatever the file holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from producers.mapping import Combine, Combining, Mapped, Mapping, Problem, Row, Rule, cells_of
from producers.mapping_tree import Entries, Hop, Place, fill, finished, hops, put, reached
from producers.mapping_values import Unconvertible, Value, as_is
from producers.readers.outcome import Origin, Reason

T = TypeVar("T")
_MOST_REMEMBERED = 2_048
_LONGEST_REMEMBERED = 200

Originals = dict[tuple[str, str], dict[str, str]]
"""What the source wrote where the value says less than its cell did: by field and text, in the order of the rules."""


def apply(mapping: Mapping, rows: Sequence[Row], origin: Origin, source_format: str = "csv") -> Mapped:
    """`Plan.apply` for the rows of a single event."""
    return Plan(mapping, origin, source_format).apply(rows)


class _Cells(dict[str, T]):
    """What a rule makes of a cell, made when it is first asked for. What it raises is not kept."""

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: str) -> T:
        made = self._make(cell)
        if len(cell) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[cell] = made
        return made


class _One(NamedTuple):
    """A rule by which a whole cell is one value with one place: what nearly every rule is."""

    column: str
    cells: _Cells[tuple[Value, Originals]] | None
    """None: the value is the cell."""
    parent: int
    key: Any


class _Several(NamedTuple):
    """Any other rule."""

    column: str
    cells: _Cells[tuple[list[tuple[Place, Value]], Originals]]
    rule: Rule


class Plan:
    """A mapping made ready for the events of one origin."""

    def __init__(self, mapping: Mapping, origin: Origin, source_format: str) -> None:
        self._mapping = mapping
        self._origin = origin
        self._source = {"system": origin.system, "format": source_format, "mapping": mapping.label}
        self._ways: dict[tuple[Hop, ...], int] = {(): 0}
        self._ready = tuple(self._one(rule) if rule.simple else _several(rule) for rule in mapping.rules)
        self._parents = tuple(self._ways)
        self._with_lists = tuple({r.steps[0].name: None for r in mapping.rules if any(s.position is not None for s in r.steps)})
        presets = [(one.steps, one.value, True) for one in mapping.constants]
        presets += [(one.steps, one.value, False) for one in mapping.defaults]
        self._presets = {steps[0].name: value for steps, value, _ in reversed(presets) if len(steps) == 1}
        self._presets_below = tuple(preset for preset in presets if len(preset[0]) > 1)

    def apply(self, rows: Sequence[Row]) -> Mapped:
        """The rows of one event -> its fields. Values that the mapping changes are kept as written in source.original."""
        mapped = Mapped()
        tree: dict[str, Any] = {}
        originals: Originals = {}
        if len(rows) == 1:
            self._grow(rows[0], tree, originals, mapped.problems)
        else:
            self._grow_together(rows, tree, originals, mapped.problems)
        for steps, value, create in self._presets_below:
            fill(tree, steps, value, create=create)
        for name in self._with_lists:
            if name in tree:
                tree[name] = finished(tree[name])
        mapped.datum = {**self._presets, **tree}
        _name(mapped.datum, self._mapping, rows[0], self._origin)
        mapped.datum["source"] = {**self._source, "original": list(originals.values())}
        return mapped

    def _grow(self, row: Row, tree: dict[str, Any], originals: Originals, problems: list[Problem]) -> None:
        """What one row gives, which is all of nearly every event."""
        nodes: list[Any] = [tree, *(None for _ in self._parents[1:])]
        for ready in self._ready:
            try:
                if isinstance(ready, _Several):
                    _follow_remembered(ready, row, tree, originals)
                    continue
                column, cells, parent, key = ready
                if cells is None:
                    value: Value = row[column].strip()
                else:
                    value, kept = cells[row[column]]
                    if kept:
                        originals.update(kept)
            except Unconvertible as fault:
                problems.append(Problem(fault.position, ready.column, fault.reason, fault.hint))
                continue
            if value != "":
                if nodes[parent] is None:
                    nodes[parent] = reached(tree, self._parents[parent])
                nodes[parent][key] = value

    def _grow_together(self, rows: Sequence[Row], tree: dict[str, Any], originals: Originals, problems: list[Problem]) -> None:
        for rule in self._mapping.rules:
            try:
                _put_all(rule, _found(rule, rows, originals), tree)
            except Unconvertible as fault:
                problems.append(Problem(fault.position, rule.column, fault.reason, fault.hint))

    def _one(self, rule: Rule) -> _One:
        *way, key = hops(rule.steps)
        parent = self._ways.setdefault(tuple(way), len(self._ways))
        verbatim = rule.convert is as_is and not rule.combining.prefix
        return _One(rule.column, None if verbatim else _Cells(lambda cell: _valued(rule, cell)), parent, key.key)


def _valued(rule: Rule, cell: str) -> tuple[Value, Originals]:
    """The value of a whole cell, and what is kept of it as written."""
    text = cell.strip()
    originals: Originals = {}
    if not text:
        return "", originals
    value = _kept(rule, text, originals)
    if value != "" and rule.combining.prefix:
        value = f"{rule.combining.prefix}{value}"
    return value, originals


def _several(rule: Rule) -> _Several:
    of_any_row = replace(rule, where=())

    def made(cell: str) -> tuple[list[tuple[Place, Value]], Originals]:
        originals: Originals = {}
        return _found(of_any_row, [{rule.column: cell}], originals), originals

    return _Several(rule.column, _Cells(made), rule)


def _follow_remembered(ready: _Several, row: Row, tree: dict[str, Any], originals: Originals) -> None:
    rule = ready.rule
    if not rule.where or rule.applies_to(row):
        found, kept = ready.cells[row[ready.column]]
        if kept:
            originals.update(kept)
        _put_all(rule, found, tree)


def _found(rule: Rule, rows: Sequence[Row], originals: Originals) -> list[tuple[Place, Value]]:
    found: list[tuple[Place, Value]] = []
    for place, text in cells_of(rule, rows):
        try:
            value = _kept(rule, text, originals)
        except Unconvertible as fault:
            fault.position = place[0]
            raise
        if value != "":
            found.append((place, value))
    return found


def _put_all(rule: Rule, found: list[tuple[Place, Value]], tree: dict[str, Any]) -> None:
    if rule.each and len(rule.steps) == 1:
        if found:
            tree.setdefault(rule.steps[0].name, Entries()).update(found)
    elif rule.each:
        for place, value in found:
            put(tree, rule.steps, place, value)
    elif found:
        put(tree, rule.steps, (0, 0), _combined(rule.combining, list(dict.fromkeys(value for _, value in found))))


def _kept(rule: Rule, text: str, originals: Originals) -> Value:
    """The value of a cell; where it says less than the cell did, the cell is kept."""
    value = rule.convert(text)
    if rule.keeps_original and value != text and str(value) != text:
        originals[rule.to, text] = {"field": rule.to, "value": text}
    return value


def _combined(combining: Combining, values: list[Value]) -> Value:
    """`values` are distinct and in the order of the rows."""
    match combining.way:
        case Combine.SAME if len(values) > 1:
            raise Unconvertible(Reason.ROWS_DISAGREE, "the rows of one event give several values: declare `combine`")
        case Combine.PREFER:
            return min(values, key=lambda value: _rank(value, combining.prefer))
        case Combine.JOIN:
            return combining.prefix + combining.separator.join(str(value) for value in values)
    return f"{combining.prefix}{values[0]}" if combining.prefix else values[0]


def _rank(value: Value, prefer: tuple[Value, ...]) -> int:
    return prefer.index(value) if value in prefer else len(prefer)


def _name(datum: dict[str, Any], mapping: Mapping, row: Row, origin: Origin) -> None:
    """The event's name in its own system comes first among its external ids: its id may be derived from it."""
    if mapping.external_id is not None and (value := row[mapping.external_id].strip()):
        own = {"system": origin.system, "value": value}
        datum["external_ids"] = [own, *datum.get("external_ids", [])]
