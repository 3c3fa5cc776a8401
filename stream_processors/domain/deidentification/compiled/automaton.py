"""One automaton for many short texts, which finds every place of each in one pass.

Aho and Corasick, Efficient string matching, Communications of the ACM 18(6), 1975.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Automaton:
    """Tables of 16-bit numbers in the machine's order, as _check.c reads them."""

    width: int
    """Classes of characters: those that are in no text share one."""
    classes: bytes
    """By ASCII character."""
    following: bytes
    """State by state and class."""
    ends: bytes
    """Where the texts of a state begin in `texts`; one more at the end."""
    texts: bytes
    """Numbers of the texts that end in each state."""


@dataclass(slots=True)
class _State:
    goes: dict[int, int] = field(default_factory=dict)
    texts: list[int] = field(default_factory=list)
    back: int = 0


def automaton(texts: Sequence[str]) -> Automaton:
    """The automaton of these ASCII texts. ValueError where one is empty."""
    signs = sorted(set("".join(texts)))
    classes = bytes(signs.index(chr(code)) + 1 if chr(code) in signs else 0 for code in range(128))
    states = _tree(texts, classes)
    _link(states)
    width = len(signs) + 1
    following = [state.goes.get(sign, 0) for state in states for sign in range(width)]
    ends = [0]
    for state in states:
        ends.append(ends[-1] + len(state.texts))
    numbers = [number for state in states for number in state.texts]
    return Automaton(width, classes, _packed(following), _packed(ends), _packed(numbers))


def _packed(numbers: Sequence[int]) -> bytes:
    return array("H", numbers).tobytes()


def _tree(texts: Sequence[str], classes: bytes) -> list[_State]:
    states = [_State()]
    for number, text in enumerate(texts):
        if not text:
            raise ValueError("nothing to look for")
        at = 0
        for sign in text.encode("ascii"):
            at = states[at].goes.setdefault(classes[sign], len(states))
            if at == len(states):
                states.append(_State())
        states[at].texts.append(number)
    return states


def _link(states: list[_State]) -> None:
    """From each state to that of its longest ending, breadth first; and each way that is missing, by it."""
    queue = list(states[0].goes.values())
    for at in queue:
        back = states[states[at].back]
        states[at].texts += back.texts
        for sign, to in states[at].goes.items():
            states[to].back = back.goes.get(sign, 0)
            queue.append(to)
        states[at].goes = {**back.goes, **states[at].goes}
