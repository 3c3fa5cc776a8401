"""A funnel plot: units by size and rate, and the limits within which chance puts them. No ranks, and names only outside."""

from collections.abc import Sequence

import numpy as np

from stream_processors.domain.pictures.frame import Frame
from stream_processors.domain.pictures.scales import Scale, apart, padded
from stream_processors.domain.pictures.svg import FONT, diamond, document, dot, line, named, path, words
from stream_processors.domain.signals.funnel import ACTION, WARNING, band

WIDTH, HEIGHT = 920.0, 480.0
Unit = tuple[str, float, float]
"""Name, y and n; n > 0."""


def funnel_plot(title: str, units: Sequence[Unit], proportion: bool) -> str:
    """The picture; the target is the pooled rate. Names of units outside the 99.8 % limits are drawn beside them."""
    target = sum(y for _, y, _ in units) / sum(n for _, _, n in units)
    largest = max(n for _, _, n in units) * 1.06
    sizes = np.linspace(largest / 240, largest, 240)
    limits = {inside: band(target, sizes.tolist(), inside, proportion) for inside in (WARNING, ACTION)}
    own = band(target, [n for _, _, n in units], ACTION, proportion)
    out = [y / n > up or y / n < low for (_, y, n), low, up in zip(units, own.lower, own.upper, strict=True)]
    rates = [y / n for _, y, n in units]
    shown = [*rates, *limits[ACTION].upper[20:].tolist()]
    low, high = padded(shown, 0.0)
    many = f"{len(units)} units, {sum(out) or 'none'} outside the 99.8 % limits: those differ by more than chance; look there"
    frame = Frame(84, WIDTH - 104, 76, HEIGHT - 66, title, many, "size (n)", "proportion" if proportion else "rate")
    across, up = (
        Scale(0, largest, frame.left, frame.right),
        Scale(low, min(high, 1.0) if proportion else high, frame.bottom, frame.top),
    )
    body = frame.names() + frame.up_axis(up) + frame.across_axis(across)
    body.append(line(frame.left, up(target), frame.right, up(target), "level"))
    for inside, kind in ((WARNING, "limit"), (ACTION, "level")):
        for side in (limits[inside].lower, limits[inside].upper):
            body.append(path([(across(n), up(v)) for n, v in zip(sizes, side, strict=True) if low <= v <= up.high], kind))
    ends = [limits[ACTION].upper[-1], limits[WARNING].upper[-1], target, limits[WARNING].lower[-1], limits[ACTION].lower[-1]]
    heights = apart([up(float(v)) for v in ends], FONT + 3)
    body += [
        words(frame.right + 8, y, said) for y, said in zip(heights, ("99.8 %", "95 %", "all", "95 %", "99.8 %"), strict=True)
    ]
    for (name, _, n), rate, outside in zip(units, rates, out, strict=True):
        body.append(diamond(across(n), up(rate)) if outside else dot(across(n), up(rate)))
        if outside:
            right = across(n) < frame.right - 120
            body.append(named(across(n) + (11 if right else -11), up(rate), name, "start" if right else "end"))
    return document((WIDTH, HEIGHT), title, many, body)
