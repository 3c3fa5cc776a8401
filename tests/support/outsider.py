"""Somebody who has nothing but published tables and the rule, and wants the hidden counts. Shares no code with the product."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import linprog

Place = tuple[str, ...]
Published = Mapping[Place, int | None]


def sums(places: Sequence[Place]) -> list[tuple[Place, list[Place]]]:
    """Every total with what it is the total of; * is the total of an axis."""
    axes = [sorted({place[axis] for place in places} - {"*"}) for axis in range(len(places[0]))]
    return [
        (place, [(*place[:axis], label, *place[axis + 1 :]) for label in axes[axis]])
        for place in product(*([*labels, "*"] for labels in axes))
        for axis in range(len(axes))
        if place[axis] == "*"
    ]


def intervals(published: Published, known: Mapping[Place, tuple[float, float]]) -> Iterator[tuple[Place, tuple[float, float]]]:
    """The least and the greatest value of every hidden cell, by linear programming; `known` bounds it beforehand."""
    hidden = [place for place, count in published.items() if count is None]
    system, right = [], []
    for total, parts in sums(list(published)):
        line, rest = np.zeros(len(hidden)), 0.0
        for place, factor in [(total, -1.0), *((part, 1.0) for part in parts)]:
            count = published[place]
            if count is None:
                line[hidden.index(place)] += factor
            else:
                rest -= factor * count
        if line.any():
            system.append(line)
            right.append(rest)
    for position, place in enumerate(hidden):
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(hidden))
            aim[position] = sign
            answer = linprog(aim, A_eq=np.array(system), b_eq=right, bounds=[known.get(p, (0.0, np.inf)) for p in hidden])
            ends.append(np.inf if answer.status == 3 else sign * answer.fun)
            ends[-1] = -np.inf if answer.status == 3 and sign > 0 else ends[-1]
        yield place, (ends[0], ends[1])
