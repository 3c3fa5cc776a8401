"""What a reconciliation finds. Numbers, positions in logs and cells; never a provider, an event or a value."""

from collections.abc import Iterator

import msgspec

EXAMPLES = 10
"""How many places are named for each kind of difference."""


class Derived(msgspec.Struct, frozen=True):
    """Rows that should have followed from accepted events. Places are those of the accepted event."""

    table: str
    missing: int
    in_flight: int
    examples: tuple[str, ...] = ()


class CountsCheck(msgspec.Struct, frozen=True):
    """Counts compared with their recomputation from the latest contributions. Examples are cells."""

    cells: int
    mismatching: int
    in_flight: int
    examples: tuple[str, ...] = ()


class Reconciliation(msgspec.Struct, frozen=True):
    """`missing`: submitted records that are neither a row nor a dead letter. `extra`: rows that nobody submitted."""

    submitted: int
    undecodable: int
    accepted: int
    dead_letters: int
    in_flight: int
    missing: int
    missing_examples: tuple[str, ...]
    extra: int
    extra_examples: tuple[str, ...]
    derived: tuple[Derived, ...]
    live_counts: CountsCheck
    stored_counts: CountsCheck

    @property
    def agrees(self) -> bool:
        """Nothing is missing, nothing is extra, and every count is its recomputation."""
        wrong = self.missing + self.extra + sum(derived.missing for derived in self.derived)
        return not (wrong or self.live_counts.mismatching or self.stored_counts.mismatching)

    def examples(self) -> Iterator[str]:
        """A few places for each difference, with what is wrong there."""
        yield from (f"no end: {place}" for place in self.missing_examples)
        yield from (f"extra: {place}" for place in self.extra_examples)
        for derived in self.derived:
            yield from (f"no row in {derived.table}: {place}" for place in derived.examples)
        yield from (f"live count differs: {cell}" for cell in self.live_counts.examples)
        yield from (f"stored count differs: {cell}" for cell in self.stored_counts.examples)

    @property
    def missing_everywhere(self) -> int:
        """Submitted records without an end, and rows that should have followed from accepted events."""
        return self.missing + sum(derived.missing for derived in self.derived)

    @property
    def mismatched_cells(self) -> int:
        """Cells whose live or stored count is not its recomputation."""
        return self.live_counts.mismatching + self.stored_counts.mismatching
