"""A control chart drawn: the points, their limits, what lies outside, and in words what Anhoej's rules say."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from stream_processors.domain.pictures.frame import Frame
from stream_processors.domain.pictures.scales import Scale, apart, padded, short
from stream_processors.domain.pictures.svg import (
    FONT,
    diamond,
    document,
    dot,
    element,
    line,
    named,
    number,
    path,
    width_of,
    words,
)
from stream_processors.domain.signals.control_chart import Charted, Point

WIDTH, HEIGHT = 920.0, 450.0
NAMES = {
    "u": "u chart, rate", "up": "u' chart (Laney), rate", "p": "p chart, proportion", "pp": "p' chart (Laney), proportion",
    "c": "c chart, count", "g": "g chart, cases between events", "t": "t chart, time between events",
    "i": "I chart, individual values", "xmr_nhs": "XmR chart (NHS), individual values",
}  # fmt: skip
Drawn = Sequence[tuple[str, Point, Charted]]
"""Label, point and what it is on the chart, in their order."""


def spc_chart(name: str, kind: str, drawn: Drawn) -> str:
    """The picture of one chart."""
    frame = Frame(84, WIDTH - 118, 92, HEIGHT - 66, name, _says(kind, drawn), "point", NAMES[kind].split(", ")[1])
    levels = [v for _, _, at in drawn for v in (at.value, at.lower, at.upper)]
    low, high = padded(levels, None if min((v for v in levels if math.isfinite(v)), default=0) < 0 else 0.0)
    up = Scale(low, high, frame.bottom, frame.top)
    across = _places(len(drawn), frame)
    body = frame.names() + frame.up_axis(up) + frame.labelled_axis(across, [label for label, _, _ in drawn])
    for part in _parts(drawn):
        body += _limits(part, drawn, across, up)
    body += _ends(drawn, across, frame)
    for part in _parts(drawn):
        joined = [(across[at], up(drawn[at][2].value)) for at in part if not drawn[at][1].excluded and _there(drawn[at][2])]
        body.append(path(joined, "line"))
    body += _marks(drawn, across, up) + _levels(drawn[-1][2], up, frame)
    return document((WIDTH, HEIGHT), name, f"{NAMES[kind]}. {frame.subtitle}", body)


def _says(kind: str, drawn: Drawn) -> str:
    outside = sum(at.out for _, _, at in drawn)
    told = [f"{NAMES[kind].split(', ')[0]}: {outside or 'no'} point{'' if outside == 1 else 's'} outside the limits"]
    last = drawn[-1][2].runs
    if last.longest_run is not None:
        shift = "a shift" if last.signal else "no shift"
        told.append(f"{shift} (longest run {last.longest_run} of at most {last.longest_run_limit},")
        told[-1] += f" {last.crossings} crossings of at least {last.crossings_limit})"
    return "; ".join(told)


def _places(count: int, frame: Frame) -> list[float]:
    step = (frame.right - frame.left) / count
    return [frame.left + (at + 0.5) * step for at in range(count)]


def _parts(drawn: Drawn) -> Iterator[list[int]]:
    """Indices of the points of each rebase group."""
    groups = [(point.rebase_group, at) for at, (_, point, _) in enumerate(drawn)]
    for _, part in groupby(groups, itemgetter(0)):
        yield [at for _, at in part]


def _there(at: Charted) -> bool:
    return math.isfinite(at.value)


def _limits(part: Sequence[int], drawn: Drawn, across: Sequence[float], up: Scale) -> Iterator[str]:
    """Limits as steps, for each point has its own; the band between, and the centre line, marked where there is a shift."""
    half = (across[1] - across[0]) / 2 if len(across) > 1 else 20.0
    known = [at for at in part if math.isfinite(drawn[at][2].lower) and math.isfinite(drawn[at][2].upper)]
    if not known:
        return
    ends = [(across[at] - half, across[at] + half) for at in known]
    lower = [(x, up(drawn[at][2].lower)) for at, pair in zip(known, ends, strict=True) for x in pair]
    upper = [(x, up(drawn[at][2].upper)) for at, pair in zip(known, ends, strict=True) for x in pair]
    corners = " ".join(f"{number(x)},{number(y)}" for x, y in [*upper, *reversed(lower)])
    yield element("polygon", points=corners, kind="band")
    yield path(lower, "limit")
    yield path(upper, "limit")
    first = drawn[known[0]][2]
    yield line(ends[0][0], up(first.centre), ends[-1][1], up(first.centre), "shift" if first.runs.signal else "level")


def _ends(drawn: Drawn, across: Sequence[float], frame: Frame) -> Iterator[str]:
    """Where a baseline ends or limits begin anew."""
    for at in range(1, len(drawn)):
        before, here = drawn[at - 1][1], drawn[at][1]
        if before.rebase_group != here.rebase_group:
            said = "rebased"
        elif before.in_baseline and not here.in_baseline:
            said = "baseline ends"
        else:
            continue
        x = (across[at - 1] + across[at]) / 2
        yield line(x, frame.top - 18, x, frame.bottom, "axis")
        yield words(x + 5, frame.top - 10, said, "soft")


def _marks(drawn: Drawn, across: Sequence[float], up: Scale) -> list[str]:
    """Every point; what is outside is a diamond with its name, unless names would overlap."""
    marks, names, free = [], [], -math.inf
    for x, (label, point, at) in zip(across, drawn, strict=True):
        if not _there(at):
            continue
        y = up(at.value)
        marks.append(diamond(x, y) if at.out else dot(x, y, "hollow" if point.excluded else "dot"))
        said = f"{label} (excluded)" if point.excluded and at.out else label
        if at.out and x - width_of(said) / 2 > free:
            above = at.value > at.centre or y + 26 > up.start
            names.append(named(x, y - 16 if above else y + 17, said))
            free = x + width_of(said) / 2 + 6
    return names + marks


def _levels(last: Charted, up: Scale, frame: Frame) -> list[str]:
    """The names of the lines, at their right ends."""
    lines = [(name, v) for name, v in (("UCL", last.upper), ("CL", last.centre), ("LCL", last.lower)) if math.isfinite(v)]
    heights = apart([up(value) for _, value in lines], FONT + 4)
    return [words(frame.right + 8, y, f"{name} {short(value)}") for y, (name, value) in zip(heights, lines, strict=True)]
