"""The protection class of a field: whom it could identify. Every field of every record has one."""

from enum import StrEnum

from msgspec import Meta


class Protection(StrEnum):
    """Whom a field may identify (42 CFR 3.20, identifiable patient safety work product: three separate tests)."""

    PROVIDER = "provider"  # 3.206(b)(4)(iv)(A) and 3.212(a)(2)(i)(A)
    PATIENT = "patient"  # 45 CFR 164.514(b)(2)(i), 164.514(e)(2)
    REPORTER = "reporter"  # 3.20: a person who in good faith reported
    QUASI = "quasi"  # dates, places, rare characteristics: identify together
    FREE_TEXT = "free_text"  # may hold anything: leaves only through the narrative engine
    PLAIN = "plain"  # identifies nobody


def _meta(protection: Protection, doc: str) -> Meta:
    return Meta(description=doc, extra={"protection": protection})


def provider(doc: str) -> Meta:
    """A field that may identify a provider."""
    return _meta(Protection.PROVIDER, doc)


def patient(doc: str) -> Meta:
    """A field that may identify a patient."""
    return _meta(Protection.PATIENT, doc)


def reporter(doc: str) -> Meta:
    """A field that may identify the person who reported."""
    return _meta(Protection.REPORTER, doc)


def quasi(doc: str) -> Meta:
    """A field that may identify somebody together with others."""
    return _meta(Protection.QUASI, doc)


def free_text(doc: str) -> Meta:
    """A field written in words."""
    return _meta(Protection.FREE_TEXT, doc)


def plain(doc: str) -> Meta:
    """A field that identifies nobody."""
    return _meta(Protection.PLAIN, doc)
