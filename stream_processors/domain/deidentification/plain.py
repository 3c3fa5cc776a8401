"""A text in ASCII, character by character: what its clues are looked for in. No clue is lost, some are gained."""

import re

_LIKE_ASCII = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})
"""All that `re.IGNORECASE` takes for a letter of a-z and that is none."""
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")

_LETTERS = {code: chr(code) if chr(code).isalpha() else " " for code in range(128)}
_SKETCH = {code: "0" if chr(code).isdigit() else " " if chr(code).isspace() else chr(code) for code in range(128)}


def plain(text: str) -> str:
    """As long as the text: its ASCII, 0 for any other digit, a space for anything else, in lower case what was folded to it."""
    if text.isascii():
        return text
    return _FOREIGN.sub(" ", _FOREIGN_DIGIT.sub("0", text.translate(_LIKE_ASCII)))


def sketched(lower: str) -> str:
    """A plain lower-case text with every digit as 0 and every white space as a space."""
    return lower.translate(_SKETCH)


def letter_words(plain_text: str) -> set[str]:
    """The distinct runs of letters of a plain text."""
    return set(plain_text.translate(_LETTERS).split())
