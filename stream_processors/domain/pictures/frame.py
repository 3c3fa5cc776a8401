"""What every picture has: title, subtitle, axes with their names, ticks and a faint grid."""

from collections.abc import Sequence
from dataclasses import dataclass

from stream_processors.domain.pictures.scales import Scale, short
from stream_processors.domain.pictures.svg import element, line, number, width_of, words

TITLE_AT, SUBTITLE_AT = 26.0, 50.0
TICK = 22.0
"""Pixels from an axis to the middle of its ticks' words."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The box in which data are drawn, in pixels, and the names around it."""

    left: float
    right: float
    top: float
    bottom: float
    title: str
    subtitle: str
    across: str
    up: str

    def names(self) -> list[str]:
        """Title, subtitle and the names of both axes; that of the upward axis stands upright at its side."""
        middle = (self.top + self.bottom) / 2
        upright = f"rotate(-90 18 {number(middle)})"
        return [
            words(self.left, TITLE_AT, self.title, "title"),
            words(self.left, SUBTITLE_AT, self.subtitle, "soft"),
            words((self.left + self.right) / 2, self.bottom + 2.2 * TICK, self.across, "soft", "middle"),
            element("g", words(18.0, middle, self.up, "soft", "middle"), transform=upright),
        ]

    def up_axis(self, scale: Scale) -> list[str]:
        """Grid lines across and their numbers."""
        ticks = scale.ticks()
        step = None if scale.log or len(ticks) < 2 else ticks[1] - ticks[0]
        drawn = [line(self.left, scale(tick), self.right, scale(tick), "grid") for tick in ticks]
        return drawn + [words(self.left - 8, scale(tick), short(tick, step), "soft", "end") for tick in ticks]

    def across_axis(self, scale: Scale, grid: bool = False) -> list[str]:
        """The axis at the foot, with numbers."""
        ticks = scale.ticks(8)
        step = None if scale.log or len(ticks) < 2 else ticks[1] - ticks[0]
        drawn = [line(self.left, self.bottom, self.right, self.bottom, "axis")]
        drawn += [line(scale(tick), self.top, scale(tick), self.bottom, "grid") for tick in ticks if grid]
        return drawn + [words(scale(tick), self.bottom + TICK, short(tick, step), "soft", "middle") for tick in ticks]

    def labelled_axis(self, places: Sequence[float], labels: Sequence[str]) -> list[str]:
        """The axis at the foot, with as many labels as there is room for."""
        drawn = [line(self.left, self.bottom, self.right, self.bottom, "axis")]
        needed = max(width_of(label) for label in labels) + 14
        step = (places[-1] - places[0]) / max(1, len(places) - 1) or 1.0
        every = max(1, -(-int(needed) // max(1, int(step))))
        for at in range(0, len(places), every):
            drawn.append(line(places[at], self.bottom, places[at], self.bottom + 5, "axis"))
            drawn.append(words(places[at], self.bottom + TICK, labels[at], "soft", "middle"))
        return drawn
