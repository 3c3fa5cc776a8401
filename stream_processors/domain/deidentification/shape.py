"""What one kind of identifier looks like, and the clues without which it cannot be in a text.

The clues are necessary conditions, cheap to look for: most texts hold few of them, so that most patterns need not run.
Two paths use them, each in its own way: the search (candidates.py, _search.c) and the check of what is left (suspicion.py,
_check.c). A new shape needs no line of C; one without clues is looked for everywhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

UNITS = r"(?!\s?(?:units?|iu|mcg|mg|ml|mm|cm|kg|g|l|u|meq|mmol|mmhg|tab(?:let)?s?|caps?(?:ules?)?|strength|ns|doses?|cups?)\b)"
"""A number of something is no identifier."""


MOST = 6
"""A longer run of digits is none that a shape asks for by its length."""


class Start(StrEnum):
    """With what a match begins."""

    LEAD = "lead"
    """One of the leads."""
    DIGIT = "digit"
    """The first digit of a run."""
    DIALLED = "dialled"
    """The first digit of a run, or `+` or `(` before it."""
    CODE = "code"
    """Up to six letters, a hyphen perhaps, then a run of digits."""
    CAPITAL = "capital"
    """A letter at the start of a word that is none of a-z."""
    NEAR = "near"
    """One of the marks, or at most `reach` characters before it, all of `before`."""
    ANYWHERE = "anywhere"


class Follows(StrEnum):
    """What has to come after a lead, or after the digits with which a match starts."""

    WORD = "word"
    """A letter, after a full stop at most, and white space."""
    CAPITAL = "capital"
    """The same, and it is none of a-z."""
    DIGIT = "digit"
    """A digit, within 60 characters."""
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of identifier. `group` is what is removed: 0 the whole match, 1 what follows a label or title."""

    kind: str
    pattern: re.Pattern[str]
    group: int = 0
    start: Start = Start.ANYWHERE
    leads: tuple[str, ...] = ()
    """What a match may begin with, in lower case; a word, or words that the pattern lets stand in this spelling only."""
    follows: Follows = Follows.ANYTHING
    first_run: tuple[int, int] = (1, 1_000_000)
    """The least and the most digits of the run with which a match begins."""
    after_run: str = ""
    """The characters of the sketch of which one comes next, where not any may."""
    or_run: tuple[int, int, str] | None = None
    """The same three of another run with which a match may begin instead."""
    marks: tuple[str, ...] = ()
    """One is in the sketch of every text with a match: in lower case, any digit as 0, any white space as a space."""
    marks_end_run: bool = False
    """The zeros with which a mark begins are the last digits of the run with which a match begins."""
    sieve: re.Pattern[str] | None = None
    """The marks once more, where they are many or depend on what stands before: one search in the sketch."""
    least: int = 1
    """How often the first mark is in it."""
    hint: re.Pattern[str] | None = None
    """Is found in every text with a match."""
    words: frozenset[str] = frozenset()
    """One is a word of every text with a match, in lower case."""
    reach: int = 0
    before: str = ""
    """Characters of the sketch; none given: all but white space."""
    closes: tuple[str, ...] = ()
    """A match that starts with a capital is of at most four words with a capital, each with a full stop or comma
    perhaps and white space behind it, then one of these; where there are marks as well, one begins there."""

    @property
    def openings(self) -> tuple[tuple[int, int, str], ...]:
        """The runs of digits with which a match may begin: least, most, and what comes next."""
        first = (*self.first_run, self.after_run)
        return (first, self.or_run) if self.or_run else (first,)

    @property
    def digits(self) -> int:
        """How many digits in a row every text with a match holds at least, counted to MOST."""
        runs = [max(map(len, re.findall("0*", mark))) for mark in self.marks]
        return min(MOST, *runs) if runs else 0


def one_of(words: Iterable[str]) -> str:
    """A pattern of the leads themselves, so that no shape is looked for behind one word and matched behind another."""
    return rf"\b(?:{'|'.join(words)})\b"


def between(*parts: Iterable[str]) -> tuple[str, ...]:
    """Every text that takes one of each."""
    return tuple(map("".join, product(*parts)))


def sieve_of(marks: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all marks."""
    return re.compile("|".join(map(re.escape, marks)))


def most_digits(sketch: str) -> int:
    """How many digits in a row a text holds, counted to MOST."""
    count = 0
    while count < MOST and "0" * (count + 1) in sketch:
        count += 1
    return count


def marked(shape: Shape, text: str, sketch: str) -> bool:
    """False where the text holds no mark of the shape or not its hint, and so no match."""
    if shape.sieve:
        if not shape.sieve.search(sketch):
            return False
    elif shape.least > 1:
        if sketch.count(shape.marks[0]) < shape.least:
            return False
    elif shape.marks and not _holds_one(shape.marks, sketch):
        return False
    return shape.hint is None or shape.hint.search(text) is not None


def _holds_one(marks: tuple[str, ...], sketch: str) -> bool:
    for mark in marks:  # noqa: SIM110 - any() is slower, and this runs for every shape
        if mark in sketch:
            return True
    return False
