"""In which spellings an identifier is looked for: as a whole, part by part, written together, as digits only."""

from msgspec import Struct

from stream_processors.domain.deidentification.words import spelled

FEWEST_LETTERS = 2
"""A part of a name with fewer letters is an initial: it cannot be told from any other letter."""

FEWEST_DIGITS = 4
"""A number with fewer digits cannot be told from a dose or a room."""

_LANGUAGE = """
    a an and are as at be by do for from he if in is it me my no of on or so the to up us was we with
    annex area bed bldg boulevard blvd building care ccu center centre clinic county court department drive east ed emergency
    er facility floor general group health healthcare home hospital icu inpatient intensive lab laboratory lane medical
    medicine memorial national nicu north northern nursing pacu pharmacy picu place regional road room saint service services
    south southern st street suite surgery surgical system tower unit university ward west western wing avenue ave hwy way
"""
_GENERIC = frozenset(_LANGUAGE.split())
"""Words of the names of facilities, units and streets that belong to the language: alone they name no place."""


class Subject(Struct, frozen=True, gc=False):
    """Whose identifier it is: the placeholder's kind, and which of that kind."""

    kind: str
    number: int = 0


class Collector(Struct, frozen=True):
    """The spellings found so far, by their owner: who comes first keeps a spelling that is shared."""

    single: dict[str, Subject] = {}
    """Folded words."""
    longer: dict[tuple[str, ...], Subject] = {}
    """Sequences of two or more."""
    numbers: dict[str, Subject] = {}
    """Digits only."""

    def codes(self, owner: Subject, *texts: str | None) -> None:
        """An identifier as a whole, whatever stands between its parts, and written without anything between them."""
        for text in texts:
            if text:
                self._whole(spelled(text), owner)

    def name(self, owner: Subject, *names: str | None) -> None:
        """Each part of a person's name alone, and the whole written together in either order."""
        spellings = [spelled(name) for name in names if name]
        for parts in spellings:
            for part in parts:
                if len(part) < FEWEST_LETTERS:
                    continue
                if part.isalpha():
                    self.single.setdefault(part, owner)
                else:
                    self._word(part, owner)
            if len(parts) > 1:
                self._joined(parts, owner)
        if len(spellings) == 2:  # two ways to write them together, not three
            first, last = spellings
            self._joined(first + last, owner)
            self._joined(last + first, owner)
        elif spellings[2:]:
            first, last = spellings[0], spellings[-1]
            self._joined(tuple(part for parts in spellings for part in parts), owner)
            self._joined(last + first, owner)
            self._joined(first + last, owner)

    def title(self, owner: Subject, text: str | None) -> None:
        """The name of a place as a whole, and each of its words that does not belong to the language."""
        parts = spelled(text) if text else ()
        if len(parts) > 1 or not _GENERIC.issuperset(parts):
            self._whole(parts, owner)
        for part in parts:
            if part not in _GENERIC and not part.isdigit() and len(part) >= FEWEST_LETTERS:
                self._word(part, owner)

    def _whole(self, parts: tuple[str, ...], owner: Subject) -> None:
        if len(parts) < 2:
            for part in parts:
                self._word(part, owner)
            return
        together = "".join(parts)
        if not together.isdigit():
            self.longer.setdefault(parts, owner)
            if together.isalpha():
                self.single.setdefault(together, owner)
            else:
                self._digits(_digits_in_a_row(parts), owner)
        elif len(together) >= FEWEST_DIGITS:
            self.longer.setdefault(parts, owner)
            self.single.setdefault(together, owner)
            self.numbers.setdefault(together, owner)

    def _digits(self, digits: str, owner: Subject) -> None:
        if len(digits) >= FEWEST_DIGITS:
            self.numbers.setdefault(digits, owner)

    def _joined(self, parts: tuple[str, ...], owner: Subject) -> None:
        """The parts written together, where that is one word again."""
        if len(parts) > 1:
            together = "".join(parts)
            if together.isalpha():
                self.single.setdefault(together, owner)
            elif together.isdigit():
                self._word(together, owner)

    def _word(self, word: str, owner: Subject) -> None:
        if word in self.single:
            return
        if not word.isdigit():
            if len(word) >= FEWEST_LETTERS:
                self.single[word] = owner
        elif len(word) >= FEWEST_DIGITS:
            self.numbers.setdefault(word, owner)
            self.single.setdefault(word, owner)
        elif owner.kind == "AGE":  # two digits that are looked for all the same
            self.single.setdefault(word, owner)


def _digits_in_a_row(parts: tuple[str, ...]) -> str:
    """The digits of an identifier whose numbers stand side by side, as in a telephone number; else nothing."""
    numbers = [place for place, part in enumerate(parts) if part.isdigit()]
    if not numbers or numbers[-1] - numbers[0] >= len(numbers):
        return ""
    return "".join(parts[numbers[0] : numbers[-1] + 1])
