"""What the tagger marked, cut to what has to go and widened to all of it: the same for the tagger in C and in Python."""

from collections.abc import Callable, Mapping, Sequence, Set
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

    def refined(
        self, text: str, marks: Sequence[tuple[int, int, Label]], sorts: Mapping[Label, Sort]
    ) -> list[tuple[int, int, Label]]:
        """The marks of a text, `sorts` by label."""
        if not marks:
            return []
        mixed = not (text.isupper() or text.islower())
        found: list[tuple[int, int, Label]] = []
        titled: bool | None = None
        for start, end, label in marks:
            place: tuple[int, int] | None = (start, end)
            sort = sorts.get(label)
            if sort in _TRIMMED and (
                self._may_give_back(text[start:end], sort is Sort.NAME) or text[start - 1 : start].isalpha()  # "Eq" of "40 mEq"
            ):
                place = trimmed(Stretch(text, start, end, sort is Sort.NAME, mixed), self._ordinary)
            if place and mixed and sort in _WIDENS:
                wider = _WIDENS[sort](text, place[0], place[1], self._staying)
                if wider != place:  # where most words begin with a capital, a capital says nothing
                    titled = _is_titled(text) if titled is None else titled
                    place = place if titled else wider
            if place:
                found.append((place[0], place[1], label))
        return found

    def _may_give_back(self, marked: str, is_name: bool) -> bool:
        """False where plainly nothing comes back, as from most marks. A shortcut, no decision."""
        if not is_name and marked[-1].isdigit() and marked[0].isalnum() and not (len(marked) == _YEAR or " " in marked):
            return False
        for word in marked.split():
            if word.lower() in self._touchy or not (word.isalpha() or word.strip(".,").isalpha()):
                return True
        return False


def _is_titled(text: str) -> bool:
    words = text.split()
    return 2 * sum(word[0].isupper() for word in words) > len(words)


_YEAR = 4
_TRIMMED = frozenset({Sort.NAME, Sort.CODE})
_WIDENS: Mapping[Sort | None, Callable[[str, int, int, Set[str]], tuple[int, int]]] = {
    Sort.NAME: widened_name,
    Sort.PLACE: widened_place,
}
