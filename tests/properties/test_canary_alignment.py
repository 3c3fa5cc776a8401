"""Comparing texts never takes a leaked character for a removed one, wherever an engine cuts."""

from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.canaries.alignment import still_there

narratives = st.text(alphabet="ab 1.", min_size=1, max_size=30)
"""Few letters, so that pieces fit in many places."""
cuts = st.lists(st.integers(0, 30), max_size=8)


def cut(narrative: str, places: list[int]) -> tuple[str, list[bool]]:
    """The narrative with placeholders from every first to every second place, and what really stayed."""
    edges = sorted(min(place, len(narrative)) for place in places)
    pairs = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False) if start < end]
    stayed, parts, done = [True] * len(narrative), [], 0
    for number, (start, end) in enumerate(pairs):
        parts += [narrative[done:start], "[ID]" if number % 2 else f"[NAME-{number}]"]
        stayed[start:end] = [False] * (end - start)
        done = end
    return "".join([*parts, narrative[done:]]), stayed


@given(narratives, cuts)
def test_what_stayed_is_always_seen(narrative: str, places: list[int]) -> None:
    released, stayed = cut(narrative, places)
    there = still_there(narrative, released)
    assert there is not None
    assert all(seen or not real for seen, real in zip(there, stayed, strict=True))


@given(st.permutations([chr(code) for code in range(ord("a"), ord("z") + 1)]), cuts)
def test_where_no_letter_stands_twice_the_answer_is_exact(letters: list[str], places: list[int]) -> None:
    narrative = "".join(letters)
    released, stayed = cut(narrative, places)
    there = still_there(narrative, released)
    assert there is not None
    assert [bool(seen) for seen in there] == stayed


@given(narratives, st.text(alphabet="xyz", min_size=1, max_size=4), st.integers(0, 30))
def test_a_text_with_words_of_somebody_elses_is_never_taken_for_ours(narrative: str, foreign: str, at: int) -> None:
    assert still_there(narrative, narrative[:at] + foreign + narrative[at:]) is None


def test_the_cuts_of_this_test_really_touch_each_other() -> None:
    assert cut("abab", [0, 1, 1, 3]) == ("[NAME-0][ID]b", [False, False, False, True])
