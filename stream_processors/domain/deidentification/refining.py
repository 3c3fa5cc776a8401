"""What the tagger marked, cut to what has to go and widened to all of it: the same for the tagger in C and in Python."""

from collections.abc import Mapping, Sequence, Set
from enum import Enum, auto
from typing import TypeVar

from stream_processors.domain.deidentification.neighbours import widened_name, widened_place
from stream_processors.domain.deidentification.trimming import Ordinary, Stretch, trimmed

Label = TypeVar("Label", str, int)


class Sort(Enum):
    """What a mark may be treated as; facilities and the rest stay as they are marked."""

    NAME = auto()
    CODE = auto()
    PLACE = auto()


class Refining:
    """The words that decide."""

    def __init__(self, ordinary: Ordinary, staying: Set[str]) -> None:
        """`staying`: no part of a name even with a capital: roles, units, eponyms, days."""
        self._ordinary, self._staying = ordinary, staying
        self._touchy = frozenset(ordinary.words | ordinary.small | ordinary.eponyms)

    @property
    def touchy(self) -> Set[str]:
        """Folded words for which a mark is looked at more closely."""
        return self._touchy

    def refined(
        self,
        text: str,
        marks: Sequence[tuple[int, int, Label]],
        sorts: Mapping[Label, Sort],
        doubtful: Sequence[int] | None = None,
    ) -> list[tuple[int, int, Label]]:
        """The marks of a text, `sorts` by label. `doubtful`: the places of those that may change, where that is known."""
        found: list[tuple[int, int, Label] | None] = list(marks)
        mixed = not (text.isupper() or text.islower())
        for place in range(len(marks)) if doubtful is None else doubtful:
            start, end, label = marks[place]
            sort = sorts.get(label)
            if sort is not None:
                left = self._refined(Stretch(text, start, end, sort is Sort.NAME, mixed), sort)
                found[place] = (left[0], left[1], label) if left else None
        return [mark for mark in found if mark]

    def _refined(self, stretch: Stretch, sort: Sort) -> tuple[int, int] | None:
        text, start, end, is_name, mixed = stretch
        place: tuple[int, int] | None = (start, end)
        if sort is not Sort.PLACE and (
            self._may_give_back(text[start:end], is_name) or text[start - 1 : start].isalpha()  # "Eq" of "40 mEq"
        ):
            place = trimmed(stretch, self._ordinary)
        if place is None or sort is Sort.CODE or not mixed:
            return place
        widened = widened_name if is_name else widened_place
        wider = widened(text, *place, self._staying)
        return place if wider == place or _is_titled(text) else wider

    def _may_give_back(self, marked: str, is_name: bool) -> bool:
        """False where nothing comes back, as from most marks: plain names and numbers.

        It decides too: a mark that is a unit alone, the "mg" of "5 mg", goes, though `trimmed` would give it back.
        """
        if not is_name and marked[-1].isdigit() and marked[0].isalnum() and not (len(marked) == _YEAR or " " in marked):
            return False
        for word in marked.split():
            if word.lower() in self._touchy or not (word.isalpha() or word.strip(".,").isalpha()):
                return True
        return False


def _is_titled(text: str) -> bool:
    """Where most words begin with a capital, a capital says nothing."""
    words = text.split()
    return 2 * sum(word[0].isupper() for word in words) > len(words)


_YEAR = 4
