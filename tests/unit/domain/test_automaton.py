"""The automaton of the compiled second look says which texts end where."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.deidentification.compiled.automaton import Automaton, automaton

some = st.text(alphabet="ab0 ", min_size=1, max_size=4)


def walked(tables: Automaton, text: str) -> list[tuple[int, int]]:
    """As _check.c walks: the number of each text, and where it ends."""
    following, ends, texts = (array("H", part) for part in (tables.following, tables.ends, tables.texts))
    state, found = 0, []
    for place, sign in enumerate(text, 1):
        state = following[state * tables.width + tables.classes[ord(sign)]]
        found += [(place, texts[at]) for at in range(ends[state], ends[state + 1])]
    return found


@given(st.lists(some, min_size=1, max_size=8), st.text(alphabet="ab0 x", max_size=30))
def test_every_place_of_every_text_is_found(looked_for: list[str], text: str) -> None:
    places = range(1, len(text) + 1)
    expected = [(end, number) for end in places for number, one in enumerate(looked_for) if text[:end].endswith(one)]
    assert sorted(walked(automaton(looked_for), text)) == expected


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        automaton(["a", ""])
