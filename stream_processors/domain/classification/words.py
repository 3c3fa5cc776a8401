"""Cuts a narrative into words and reads each as a token: spellings of one thing are one token, and most endings go."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files

WORD = re.compile(r"w/o|[a-z]+(?:'[a-z]+)?|\d+|[?+]")
NUMBER = "#"
_SAME_DIGIT = str.maketrans("123456789", "0" * 9)
_ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "ly", "s", "e")
_LAST = frozenset(ending[-1] for ending in _ENDINGS)
_LEAST_STEM = 4
_DRUG_ENDINGS = (
    "mycin", "cillin", "azole", "pril", "olol", "statin", "sartan", "azepam", "oxacin", "idine", "parin", "mab", "tidine",
    "triptan", "prazole", "dipine", "caine", "codone", "morphone", "setron", "curium", "curonium", "virine", "vudine", "nib",
)  # fmt: skip
_LEAST_DRUG = 7


@dataclass(frozen=True, slots=True)
class Spellings:
    """What words are read as. `classes` holds the spellings that count for a class beside themselves."""

    tokens: Mapping[str, str]
    classes: Mapping[str, str]

    def token(self, word: str) -> str:
        """The token of one lower-case word."""
        if word.isdecimal():
            return NUMBER
        return self.tokens.get(word) or stem(word)

    def class_of(self, word: str) -> str | None:
        """The class that the word counts for beside itself."""
        found = self.classes.get(word)
        if found is None and len(word) >= _LEAST_DRUG and word.endswith(_DRUG_ENDINGS):
            return "=drug"
        return found


def stem(word: str) -> str:
    """The word without its commonest endings."""
    if word[-1:] not in _LAST:
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


def lowered(text: str) -> str:
    """The text in lower case with straight apostrophes; as long as it was, so that offsets hold."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return small.replace("\u2019", "'")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text in lower case and its words in order, in which all digits are nought: a number is a number."""

    lower: str
    words: list[str]

    @classmethod
    def of(cls, text: str) -> "Spoken":
        """The words of a text."""
        lower = lowered(text)
        return cls(lower, WORD.findall(lower.translate(_SAME_DIGIT)))

    def places(self, wanted: Collection[int]) -> dict[int, tuple[int, int]]:
        """Start and end of the words with these numbers. The next word is the first that follows: between words is none."""
        found: dict[int, tuple[int, int]] = {}
        plain, at = self.lower.translate(_SAME_DIGIT), 0
        for number, word in enumerate(self.words[: max(wanted, default=-1) + 1]):
            start = plain.find(word, at)
            at = start + len(word)
            if number in wanted:
                found[number] = (start, at)
        return found


def spellings() -> Spellings:
    """The table that is shipped."""
    return parsed(files(__package__).joinpath("model", "words.txt").read_text(encoding="utf-8"))


def parsed(text: str) -> Spellings:
    """The table of a text: `token: spelling spelling ...` a line. Raises ValueError where a line is none."""
    tokens: dict[str, str] = {}
    classes: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        token, mark, rest = line.partition(":")
        if not mark:
            raise ValueError(f"words, line {number}: no colon")
        for word in rest.split():
            if token.startswith("="):
                classes[word] = token
            else:
                tokens[word] = token
    return Spellings(tokens, classes)
