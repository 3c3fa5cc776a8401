"""Numbers that look like a date or a code and are scores, ratios and doses: they say what happened, and identify nobody.

The safe family may veto a shape or the tagger, never what the record of the event names. It holds both where identifiers are
looked for and where the result is checked; a stretch that it hides stays as long as it was, so that offsets hold.
"""

import re
from collections.abc import Iterator

_RATIO = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?![\d/-])")
_SCORED = re.compile(
    r"\b(?:pain|apgars?|scor(?:e|es|ed|ing)|scale|rat(?:e|ed|es|ing)|nrs|vas|severity|strength|power|motor|mmse|moca|gcs|glasgow)\b"
    r"(?:\W{1,3}(?:of|is|was|at|to|a|as|now|still|level|were|remained|\d{1,2}(?:/\d{1,2})?)){0,3}\W{0,3}$",
    re.IGNORECASE,
)
_REACH = 40
_LONGEST_PART = 5
_UNIT = r"\s?(?:mg|mcg|g|ml|meq|units?|iu|mmol|mm|cm)\b"
_COMBINED = re.compile(rf"(?<![\d/.-])\d{{1,3}}(?:\.\d)?/\d{{1,3}}(?:\.\d)?{_UNIT}", re.IGNORECASE)
DOSE = re.compile(
    r"\W{0,2}\d[\d.,/-]{0,9}\s?(?:mg|mcg|g|gm|kg|ml|l|meq|units?|iu|mmol|mm|cm|%|tabs?|caps?|gtt|mmhg|bpm)(?:\W{0,2}(?:hr|h|kg|min|day|dl|dose))*\W?",
    re.IGNORECASE,
)
"""A dose or a reading as a whole, in any case."""
ENDS_IN_DOSE = re.compile(r"\d\s?(?:mg|mcg|meq|ml|units?|mmol|mmhg|mm|cm|kg)\W?$", re.IGNORECASE)
"""A stretch whose end is a dose's: in "40 mEq" a reader of words may see the end alone."""
_DIGIT = re.compile(r"\d")
_HIDDEN = "*"


def hidden(text: str) -> str:
    """The text, as long as it was, in which no digit of a score or of a combined dose can be taken for another."""
    places = list(_safe_places(text))
    for start, end in places:
        text = text[:start] + _DIGIT.sub(_HIDDEN, text[start:end]) + text[end:]
    return text


def _safe_places(text: str) -> Iterator[tuple[int, int]]:
    at = text.find("/")
    while at >= 0:
        if text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
            start = at
            while start > max(0, at - _LONGEST_PART) and text[start - 1] in "0123456789.":
                start -= 1
            match = _COMBINED.match(text, start) or _RATIO.match(text, start)
            if match and (match.re is _COMBINED or _is_score(text, match)):
                yield match.span()
        at = text.find("/", at + 1)


def _is_score(text: str, match: re.Match[str]) -> bool:
    """What a scale of ten or fifteen gives, and the word for it stands before."""
    if int(match[1]) > int(match[2]):
        return False
    return _SCORED.search(text[max(0, match.start() - _REACH) : match.start()]) is not None
