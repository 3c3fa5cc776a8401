"""A forest of pairs: how disproportionately each is reported, EBGM with EB05 and EB95, strongest EB05 first."""

from collections.abc import Sequence
from dataclasses import dataclass

from stream_processors.domain.pictures.frame import Frame
from stream_processors.domain.pictures.scales import Scale, short
from stream_processors.domain.pictures.svg import diamond, document, dot, line, width_of, words

WIDTH, ROW = 1040.0, 26.0
SIGNAL = 2.0
"""EB05 of a signal (Szarfman 2002)."""
LONGEST = 26
"""Characters of the name of an exposure or of an event."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of exposure and event: its names, reports, and the posterior's 5 % point, geometric mean and 95 % point."""

    exposure: str
    event: str
    reports: float
    eb05: float
    ebgm: float
    eb95: float


def forest_plot(title: str, pairs: Sequence[Pair], most: int = 30) -> str:
    """The picture of the pairs with the highest EB05, on a logarithmic scale. Needs at least one pair; all values > 0."""
    shown = sorted(pairs, key=lambda pair: (-pair.eb05, pair.exposure, pair.event))[:most]
    signals = sum(pair.eb05 >= SIGNAL for pair in pairs)
    told = f"{len(shown)} of {len(pairs)} pairs, {signals} with EB05 >= 2: disproportionate reporting; look, do not conclude"
    names = [f"{_cut(pair.exposure)} / {_cut(pair.event)}" for pair in shown]
    left = 24 + max(map(width_of, names))
    top = 100.0
    frame = Frame(
        left, WIDTH - 210, top, top + ROW * len(shown), title, told, "reported times as often as expected (log scale)", ""
    )
    low = min([1.0, *(pair.eb05 for pair in shown)]) / 1.15
    across = Scale(low, max(4.0, *(pair.eb95 for pair in shown)) * 1.15, frame.left, frame.right, log=True)
    body = [
        words(14, 26, title, "title"),
        words(14, 50, told, "soft"),
        *frame.names()[2:3],
        *frame.across_axis(across, grid=True),
    ]
    body.append(line(across(1.0), top, across(1.0), frame.bottom, "axis"))
    body.append(line(across(SIGNAL), top - 6, across(SIGNAL), frame.bottom, "limit"))
    body.append(words(across(SIGNAL), top - 16, "EB05 = 2", "soft", "middle"))
    body.append(words(frame.right + 12, top - 16, "EBGM (EB05-EB95), n", "soft"))
    for at, (pair, name) in enumerate(zip(shown, names, strict=True)):
        body += _row(pair, name, across, top + ROW * (at + 0.5), frame)
    return document((WIDTH, frame.bottom + 66), title, told, body)


def _row(pair: Pair, name: str, across: Scale, y: float, frame: Frame) -> list[str]:
    mark = diamond if pair.eb05 >= SIGNAL else dot
    said = f"{short(pair.ebgm)} ({short(pair.eb05)}-{short(pair.eb95)}), {pair.reports:,.0f}"
    interval = line(across(pair.eb05), y, across(pair.eb95), y, "line")
    return [words(frame.left - 10, y, name, "", "end"), interval, mark(across(pair.ebgm), y), words(frame.right + 12, y, said)]


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
