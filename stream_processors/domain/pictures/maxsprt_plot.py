"""A cumulative MaxSPRT: events seen against events expected, and the boundary that was fixed before the first look."""

from collections.abc import Sequence

from stream_processors.domain.pictures.frame import Frame
from stream_processors.domain.pictures.scales import Scale, apart
from stream_processors.domain.pictures.svg import FONT, diamond, document, dot, named, path, words
from stream_processors.domain.signals.maxsprt_looks import Look, Plan
from stream_processors.domain.signals.poisson_maxsprt import signalling_times

WIDTH, HEIGHT = 920.0, 460.0


def maxsprt_plot(title: str, plan: Plan, log: Sequence[Look]) -> str:
    """The picture of a log of at least one look."""
    times = signalling_times(plan.critical_value, plan.fewest, plan.horizon).tolist()
    last = log[-1]
    far = max(last.expected * 1.25, plan.horizon * 0.2)
    edges = [*(t for t in times if t < far), min(far, plan.horizon)]
    high = max(last.events, plan.fewest + len(edges) - 1) * 1.08 + 1
    frame = Frame(76, WIDTH - 132, 76, HEIGHT - 66, title, _says(plan, last), "events expected so far", "events so far")
    across, up = Scale(0, far, frame.left, frame.right), Scale(0, high, frame.bottom, frame.top)
    body = frame.names() + frame.up_axis(up) + frame.across_axis(across)
    steps = [(x, plan.fewest + at) for at, edge in enumerate(edges) for x in ((edges[at - 1] if at else 0.0), edge)]
    body.append(path([(across(x), up(n)) for x, n in steps], "limit"))
    body.append(path([(across(0), up(0)), (across(far), up(far))], "level"))
    walked = [(0.0, 0)]
    for look in log:
        walked += [(look.expected, walked[-1][1]), (look.expected, look.events)]
    body.append(path([(across(x), up(n)) for x, n in walked], "line"))
    for look in log:
        x, y = across(look.expected), up(look.events)
        body.append(diamond(x, y) if look.signal else dot(x, y))
        if look.signal:
            body.append(named(max(x, frame.left + 60), y - 18, f"signal at look {look.number}"))
    ends = apart([up(plan.fewest + len(edges) - 1), up(far)], FONT + 4)
    body += [words(frame.right + 8, y, said) for y, said in zip(ends, ("signal from here", "as expected"), strict=True)]
    return document((WIDTH, HEIGHT), title, _says(plan, last), body)


def _says(plan: Plan, last: Look) -> str:
    found = f"signal at look {last.number}" if last.signal else f"no signal after {last.number} looks"
    so_far = f"{last.events} events, {last.expected:.3g} expected"
    return f"{found}: {so_far}; critical value {plan.critical_value:.4f}, alpha spent {last.alpha_spent:.4f}"
