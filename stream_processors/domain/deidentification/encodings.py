"""Words that stand in a text in another encoding: base64, hexadecimal, percent signs, character references, escapes.

Nobody types these, but files, links and attachments bring them. What is looked for is how printable text looks in each, not a
list of encoded names: one search that finds nothing is all that an ordinary text costs.
"""

import html
import re
from binascii import a2b_base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from string import ascii_letters, digits

from stream_processors.domain.deidentification.encoding_clues import digits_in_a_row, may_escape, may_hide, rows

SHORTEST = 4
"""Characters that an encoded word must have to be seen: three of base64 are any three letters of a word."""

_ESCAPE = re.compile(r"[%=][2-7][0-9A-Fa-f]|&#|\\[ux]|0x[2-7]")
_RUN_64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
_ALPHABET = frozenset(ascii_letters + digits + "+/_-")
_RUN_16 = re.compile(
    r"(?<!\w)[0-9A-Fa-f]{2}(?:[ :,;-][0-9A-Fa-f]{2}){3,}(?!\w)"
    r"|(?:(?:0x|\\x|\\u00|[%=])[0-9A-Fa-f]{2}[ ,;]?){4,}"
    r"|(?:0x)?[0-9A-Fa-f]{8,}"
)
_WORD = re.compile(r"\S+")
_HEX_DIGITS = re.compile(r"(?:0x|\\x|u00)|[^0-9A-Fa-f]")
_NO_NUMBER = re.compile(r"[A-Fa-fux\\%=]")
_PERCENT = re.compile("%([0-9A-Fa-f]{2})")
_BACKSLASH = re.compile(r"\\u([0-9A-Fa-f]{4})")
_GLUED = re.compile(r"[A-Za-z]%[2-7]|(?:%[2-7][0-9A-Fa-f]){3}|(?:&#\w{2,6};?){3}|(?:\\u\w{4}){3}")
_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")
_READABLE = re.compile(r"[0-9A-Za-z\s.,@'()/:_&;!?\x22#+\xc0-\u024f-]{4,}")
_TO_STANDARD = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A stretch of a text and what it may say once decoded."""

    start: int
    end: int
    readings: tuple[str, ...]
    is_certain: bool
    """No word of a language looks so. Whatever it says, nobody has read it."""


def is_no_text(text: str) -> bool:
    """True where control characters stand between the letters: what UTF-16 or binary data become when read as letters."""
    return not text.isprintable() and _CONTROL.search(text) is not None


def hidden_words(text: str) -> list[Hidden]:
    """The stretches of a text that may hold encoded words, in no order."""
    if not may_hide(text):
        return []
    rows_of_base64 = ((run.start(), run.end(), _readings(run[0])) for run in _runs_of_base64(text))
    return [*map(in_base64, repeat(text), rows_of_base64), *map(_in_hexadecimal, _runs_of_hexadecimal(text)), *escaped(text)]


def in_base64(text: str, row: tuple[int, int, tuple[str, ...]]) -> Hidden:
    """A row of base64: its start, its end, and what it says read from each of its first four characters."""
    start, end, readings = row
    body = text[start:end].rstrip("=")
    word = body.strip("-_/+")
    is_word = word.isalpha() and (word.islower() or word.isupper() or word.istitle())
    return Hidden(start, end, readings, not is_word and _any_reads(readings, len(body)))


def _readings(run: str) -> tuple[str, ...]:
    body = run.rstrip("=")
    return tuple([_text_of(_bytes_of(body[place:])) for place in range(4)])


def _runs_of_base64(text: str) -> Iterator[re.Match[str]]:
    """The runs that may hide something; asked of all words of a text at once."""
    if "0x" in text:
        yield from (run for run in _RUN_64.finditer(text) if may_hide(run[0].rstrip("=")))
        return
    beginnings = rows(text)
    at = beginnings.find(1)
    while at >= 0:
        start = at
        while start and text[start - 1] in _ALPHABET:
            start -= 1
        run = _RUN_64.match(text, start)
        if run:
            yield run
        at = beginnings.find(1, run.end() if run else at + 1)


def _bytes_of(run: str) -> bytes:
    """A run of the alphabet, whole or cut: what is left over is padded, or dropped where it stands for nothing."""
    left = len(run) % 4
    whole = run[:-1] if left == 1 else run
    return a2b_base64(whole.translate(_TO_STANDARD) + "=" * (-len(whole) % 4))


def _in_hexadecimal(run: re.Match[str]) -> Hidden:
    said = _HEX_DIGITS.sub("", run[0])
    readings = [_text_of(bytes.fromhex(said[place : len(said) - (len(said) - place) % 2])) for place in range(2)]
    is_odd = len(said) >= 4 * SHORTEST or _NO_NUMBER.search(run[0]) is not None
    return Hidden(run.start(), run.end(), tuple(readings), is_odd and any(map(_reads, readings)))


def _runs_of_hexadecimal(text: str) -> Iterator[re.Match[str]]:
    if "\\" in text or "0x" in text:
        return _RUN_16.finditer(text)
    return _runs_from(text, (at for at, begins in enumerate(digits_in_a_row(text)) if begins))


def in_hexadecimal(text: str, starts: Iterable[int]) -> Iterator[Hidden]:
    """What is written in hexadecimal digits from one of these places on, none inside another."""
    return map(_in_hexadecimal, _runs_from(text, starts))


def _runs_from(text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    end = 0
    for start in starts:
        if start >= end and (run := _RUN_16.match(text, start)):
            yield run
            end = run.end()


def escaped(text: str) -> Iterator[Hidden]:
    """The words in which percent signs, references or backslashes stand for characters."""
    for word in _WORD.finditer(text) if may_escape(text) and _ESCAPE.search(text) else ():
        if _ESCAPE.search(word[0]):
            reading = html.unescape(_unescaped(word[0]))
            yield Hidden(word.start(), word.end(), (reading,), _GLUED.search(word[0]) is not None)


def _unescaped(word: str) -> str:
    single = _PERCENT.sub(lambda match: chr(int(match[1], 16)), word)
    return _BACKSLASH.sub(lambda match: chr(int(match[1], 16)), single).replace("\0", "")


def _any_reads(readings: Sequence[str], length: int) -> bool:
    """A run from its start, if it is no short one; a run that began with something else, if it is longer."""
    if length >= 2 * SHORTEST and _reads(readings[0]):
        return True
    return length >= 3 * SHORTEST and any(map(_reads, readings[1:]))


def _reads(text: str) -> bool:
    """Whether it is words or numbers, but for what stood before the first."""
    stretch = _READABLE.search(text)
    return stretch is not None and 4 * (stretch.end() - stretch.start()) >= 3 * len(text)


def _text_of(octets: bytes) -> str:
    """UTF-8 or UTF-16, whose zero bytes say nothing; what is neither becomes a replacement character."""
    return octets.replace(b"\0", b"").decode("utf-8", "replace")
