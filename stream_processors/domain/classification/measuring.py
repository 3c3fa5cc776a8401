"""How good answers are: recall and precision of every class, coverage, calibration error, confusion. Never accuracy alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one class: how often it was right, said, and true."""

    hits: int
    said: int
    true: int

    @property
    def recall(self) -> float | None:
        """Share of the true ones that were said; None where there is none."""
        return self.hits / self.true if self.true else None

    @property
    def precision(self) -> float | None:
        """Share of what was said that is true; None where nothing was said."""
        return self.hits / self.said if self.said else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean; None where the class is neither true nor said."""
        return 2 * self.hits / (self.said + self.true) if self.said + self.true else None


def by_class(pairs: Iterable[tuple[Iterable[str], Iterable[str]]]) -> Mapping[str, Counts]:
    """(true codes, said codes) of every text -> counts by code, in alphabetical order."""
    hits, said, true = Counter[str](), Counter[str](), Counter[str]()
    for truth, answer in ((set(truth), set(answer)) for truth, answer in pairs):
        hits.update(truth & answer)
        said.update(answer)
        true.update(truth)
    return {code: Counts(hits[code], said[code], true[code]) for code in sorted(said.keys() | true.keys())}


def macro_f1(counts: Mapping[str, Counts]) -> float:
    """Mean of the classes' F1, of those that are true or said at all."""
    found = [one.f1 for one in counts.values() if one.f1 is not None]
    return sum(found) / len(found) if found else 0.0


def calibration_error(answers: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error in ten bins of equal width (Naeini et al. 2015): confidence against share that was right."""
    if not answers:
        return None
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in answers:
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return sum(abs(sum(one for one, _ in b) - sum(right for _, right in b)) for b in bins.values()) / len(answers)


def confusion(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """true -> said -> how often; nothing said is "(abstained)"."""
    table: dict[str, Counter[str]] = {}
    for truth, answer in pairs:
        table.setdefault(truth, Counter())[answer] += 1
    return {truth: dict(sorted(row.items())) for truth, row in sorted(table.items())}
