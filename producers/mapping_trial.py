"""A mapping tried on history: which rows become events, what the pick-lists do not name, how complete each field is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from producers.mapping import Mapping, Row, Rule, cells_of
from producers.mapping_plan import apply
from producers.mapping_values import Unconvertible
from producers.readers.completion import complete
from producers.readers.groups import Group
from producers.readers.outcome import Fault, Origin, Reason
from producers.suggesting.disclosable import shown_and_hidden
from producers.tables import Table, event_rows

_NOBODY = Origin("provider", "system")
"""A trial needs no settings: nothing of it is kept."""
_MOST_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Values that a rule does not name, as far as they may be shown, and how many others there are in how many cells."""

    to: str
    column: str
    shown: list[tuple[str, int]]
    hidden: int
    hidden_cells: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """In how many events the column says something, and in how many the field does."""

    to: str
    before: int
    after: int


@dataclass(slots=True)
class Trial:
    """What came of a file. `refused` counts rows."""

    rows: int = 0
    events: int = 0
    refused: int = 0
    reasons: list[tuple[tuple[str, str], int]] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    completeness: list[Completeness] = field(default_factory=list)


class _Counting:
    """The counters of a trial, one set per rule."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.trial = Trial()
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.before: Counter[int] = Counter()
        self.after: Counter[int] = Counter()
        self.values: dict[int, Counter[str]] = {}

    def take(self, group: Group) -> None:
        rows = max(1, len(group.rows))
        self.trial.rows += rows
        faults = group.faults or self._faults(group)
        for fault in faults:
            self.reasons[fault.column, str(fault.reason)] += 1
        if faults:
            self.trial.refused += rows
        else:
            self.trial.events += 1

    def _faults(self, group: Group) -> list[Fault]:
        mapped = apply(self.mapping, group.rows, _NOBODY)
        problems = [Fault(group.row, found.column, found.reason, found.hint) for found in mapped.problems]
        outcome = None if problems else complete(group.row, mapped.datum, _NOBODY, "csv")
        faults = [*problems, *([outcome] if isinstance(outcome, Fault) else [])]
        for number, rule in enumerate(self.mapping.rules):
            self._count(number, rule, group.rows, accepted=not faults)
        return faults

    def _count(self, number: int, rule: Rule, rows: list[Row], *, accepted: bool) -> None:
        filled = False
        cells = cells_of(rule, rows)
        for _, text in cells:
            try:
                value = rule.strict(text)
            except Unconvertible as fault:
                filled = filled or rule.reads_no_value
                if fault.reason is Reason.UNMAPPED and not rule.reads_no_value:
                    self._unmapped(number, text)
                continue
            filled = filled or value != ""
        if accepted:
            self.before[number] += bool(cells)
            self.after[number] += filled

    def _unmapped(self, number: int, text: str) -> None:
        values = self.values.setdefault(number, Counter())
        if text in values or len(values) < _MOST_VALUES:
            values[text] += 1

    def finished(self, names: Iterable[str]) -> Trial:
        rules = self.mapping.rules
        trial = self.trial
        trial.reasons = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        trial.used = [name for name in names if name in self.mapping.columns]
        trial.unused = [name for name in names if name not in self.mapping.columns]
        for number, values in self.values.items():
            shown, hidden, cells = shown_and_hidden(sorted(values.items(), key=lambda item: (-item[1], item[0])))
            trial.unmapped.append(Unmapped(rules[number].to, rules[number].column, shown, hidden, cells))
        trial.completeness = [Completeness(rule.to, self.before[n], self.after[n]) for n, rule in enumerate(rules)]
        return trial


def tried(table: Table, mapping: Mapping) -> Trial:
    """The report on a whole file; memory grows with the number of different unmapped values only, up to 10,000 a rule."""
    names, groups = event_rows(table, mapping)
    counting = _Counting(mapping)
    for group in groups:
        counting.take(group)
    return counting.finished(names)
