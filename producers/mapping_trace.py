"""Where the fields of one row come from: every rule with its column and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from producers.mapping import Mapping, Row, Rule, cells_of
from producers.mapping_plan import apply
from producers.mapping_tree import Step as PathStep
from producers.mapping_values import Unconvertible, Value
from producers.readers.outcome import Origin
from producers.tables import Table, event_rows

_NOBODY = Origin("provider", "system")


@dataclass(frozen=True, slots=True)
class Step:
    """One rule at work. `outcome` names no value; `written` and `value` do, for those who asked to see them."""

    to: str
    column: str | None
    rule: str
    outcome: str
    written: tuple[str, ...] = ()
    value: object = None


def traced(table: Table, mapping: Mapping, row: int) -> list[Step] | None:
    """The steps of the event that holds a row; None when no such row can be read. Raises Failure as reading does."""
    _, groups = event_rows(table, mapping)
    for group in groups:
        if row in group.numbers:
            return _steps(mapping, group.rows)
        if group.row > row:
            break
    return None


def _steps(mapping: Mapping, rows: list[Row]) -> list[Step]:
    steps = []
    if mapping.external_id is not None:
        written = rows[0][mapping.external_id].strip()
        outcome = "filled; the event id is derived from it" if written else "the cell is empty"
        steps.append(Step("external_ids[]", mapping.external_id, "external_id", outcome, (written,), written))
    steps += [_step(rule, rows) for rule in mapping.rules]
    datum = apply(mapping, rows, _NOBODY).datum
    filled = {step.to for step in steps if step.outcome.startswith("filled")}
    for name, presets in (("constant", mapping.constants), ("default", mapping.defaults)):
        for preset in presets:
            to, value = _path(preset.steps), _at(datum, preset.steps)
            used = to not in filled and value is not None
            steps.append(Step(to, None, name, "filled" if used else "not needed", (), value if used else None))
    return steps


def _step(rule: Rule, rows: list[Row]) -> Step:
    cells = cells_of(rule, rows)
    written = tuple(text for _, text in cells)
    if not cells:
        asked = " in a row that answers this question" if rule.where else ""
        return Step(rule.to, rule.column, rule.way, f"the cell is empty{asked}")
    values: list[Value] = []
    fell_back = False
    for _, text in cells:
        try:
            values.append(rule.convert(text))
        except Unconvertible as fault:
            return Step(rule.to, rule.column, rule.way, f"refused: {fault.reason}: {fault.hint}", written)
        fell_back = fell_back or _falls_back(rule, text)
    outcome = "left empty" if all(value == "" for value in values) else "filled"
    return Step(rule.to, rule.column, rule.way, outcome + (" by `otherwise`" if fell_back else ""), written, _one(values))


def _falls_back(rule: Rule, text: str) -> bool:
    try:
        rule.strict(text)
    except Unconvertible:
        return True
    return False


def _one(values: list[Value]) -> object:
    return values[0] if len(values) == 1 else values


def _path(steps: Sequence[PathStep]) -> str:
    places = {None: "", -1: "[]"}
    return ".".join(step.name + places.get(step.position, f"[{step.position}]") for step in steps)


def _at(datum: Any, steps: Sequence[PathStep]) -> object:
    for step in steps:
        datum = datum.get(step.name) if isinstance(datum, dict) else None
        if isinstance(datum, list) and step.position is not None:
            datum = datum[max(0, step.position)] if datum[max(0, step.position) :] else None
    return datum
