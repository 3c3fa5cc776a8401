"""Numbers to pixels: scales, round ticks, and labels that keep their distance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """From data to pixels, linear or logarithmic."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The pixel of a value; values beyond the ends come to lie at the ends."""
        at, low, high = (math.log(v) if self.log else v for v in (min(max(value, self.low), self.high), self.low, self.high))
        return self.start + (at - low) / (high - low) * (self.end - self.start)

    def ticks(self, about: int = 6) -> list[float]:
        """Round values within the scale."""
        if self.log:
            found = _decades(self.low, self.high, (1, 2, 5))
            return found if len(found) <= about + 3 else _decades(self.low, self.high, (1,))
        return _linear(self.low, self.high, about)


def _linear(low: float, high: float, about: int) -> list[float]:
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def _decades(low: float, high: float, leads: Sequence[int]) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [lead * 10.0**power for power in powers for lead in leads]
    return [value for value in values if low * 0.999 <= value <= high * 1.001]


def short(value: float, step: float | None = None) -> str:
    """A number to read: as many decimals as its step needs, else three figures."""
    if value == 0:
        return "0"
    if step is None:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:,.{decimals}f}" if decimals <= 5 else f"{value:.2g}"


def padded(values: Sequence[float], floor: float | None = None) -> tuple[float, float]:
    """The range of finite values with a little room; it ends at the floor where nothing is below."""
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    room = (high - low or abs(high) or 1.0) * 0.07
    return (low - room if floor is None or low < floor else max(floor, low - room)), high + room


def apart(places: Sequence[float], distance: float) -> list[float]:
    """The same places in the same order, moved as little as needed to lie so far apart (pool adjacent violators)."""
    order = sorted(range(len(places)), key=places.__getitem__)
    blocks: list[list[float]] = []  # sum of wished starts, count
    for rank, at in enumerate(order):
        blocks.append([places[at] - rank * distance, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
    moved = [total / count for total, count in blocks for _ in range(int(count))]
    found = [0.0] * len(places)
    for rank, at in enumerate(order):
        found[at] = moved[rank] + rank * distance
    return found
