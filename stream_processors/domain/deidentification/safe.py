"""Numbers that look like a date or a code and are scores, ratios and doses: they say what happened, and identify nobody.

The safe family may veto a shape or the tagger, never what the record of the event names. It holds both where identifiers are
looked for and where the result is checked; a stretch that it hides stays as long as it was, so that offsets hold.
"""

import re

_RATIO = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?![\d/-])")
_SCORED = re.compile(
    r"\b(?:pain|apgars?|scor(?:e|es|ed|ing)|scale|rat(?:e|ed|es|ing)|nrs|vas|severity|strength|power|motor|mmse|moca|gcs|glasgow)\b"
    r"(?:\W{1,3}(?:of|is|was|at|to|a|as|now|still|level|were|remained|\d{1,2}(?:/\d{1,2})?)){0,3}\W{0,3}$",
    re.IGNORECASE,
)
_REACH = 40
_CITED = re.compile(r"\b(?:pmid|doi|nct|isbn)\b\W{0,3}(?:no\W{0,2})?[\d./-]{4,40}", re.IGNORECASE)
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
_HIDDEN = "¤"


def hidden(text: str) -> str:
    """The text, as long as it was, in which no digit of a score, a combined dose or a citation can be taken for another."""
    shown = _CITED.sub(_hide, text)
    if "/" not in shown:
        return shown
    return _RATIO.sub(lambda match: _hide(match) if _is_score(text, match) else match[0], _COMBINED.sub(_hide, shown))


def _is_score(text: str, match: re.Match[str]) -> bool:
    """What a scale of ten or fifteen gives, and the word for it stands before."""
    if int(match[1]) > int(match[2]):
        return False
    return _SCORED.search(text[max(0, match.start() - _REACH) : match.start()]) is not None


def _hide(match: re.Match[str]) -> str:
    return _DIGIT.sub(_HIDDEN, match[0])
