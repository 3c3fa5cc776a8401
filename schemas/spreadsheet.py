"""Text that a spreadsheet program would evaluate, made harmless in files that people open with one (OWASP ASVS 1.2.10)."""

_EVALUATED = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula; numbers stay numbers."""
    if not text.startswith(_EVALUATED) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    """Written with digits: `-inf`, which float takes too, is a name to a spreadsheet."""
    return text.lstrip("+-").replace(".", "", 1).isdecimal() and text[1:2] not in "+-"
