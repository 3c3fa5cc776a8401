"""The bits that the lexicon holds for a word."""

from enum import IntFlag


class Word(IntFlag):
    """What lists say of a folded word; two-bit and three-bit fields hold a band, highest = most frequent."""

    GIVEN = 0b11
    """First name: 1 rare, 2 in use, 3 frequent (Social Security Administration)."""
    FAMILY = 0b11 << 2
    """Surname: 1 rare, 2 in use, 3 frequent (Census 2010)."""
    COMMON = 0b111 << 4
    """English word by frequency: 1 rare .. 5 in nearly every text."""
    NOUN = 1 << 7
    VERB = 1 << 8
    ADJECTIVE = 1 << 9
    ADVERB = 1 << 10
    CLINICAL = 1 << 11
    DRUG = 1 << 12
    CITY = 1 << 13
    CITY_PART = 1 << 14
    STATE = 1 << 15
    FACILITY = 1 << 16
    """A distinctive word of a hospital's or nursing facility's name."""
    FACILITY_HEAD = 1 << 17
    """Hospital, clinic, pavilion: what a facility's name ends with."""
    ROLE = 1 << 18
    CREDENTIAL = 1 << 19
    RELATION = 1 << 20
    CALENDAR = 1 << 21
    EPONYM = 1 << 22
    EPONYM_HEAD = 1 << 23
    """Catheter, syndrome, scale: what follows an eponym."""
    ABBREVIATION = 1 << 24
    UNIT = 1 << 25
    STREET = 1 << 26
    DEVICE = 1 << 27
    TITLE = 1 << 28
    """Mr, Dr, Sister: stands before a person's name."""
    SPEECH = 1 << 29
    """A verb whose subject or object is a person: said, paged, told."""
    PROPER = 1 << 30
    """Written with a capital but nobody's name: languages, peoples, faiths, germs, agencies, products."""


GIVEN_SHIFT, FAMILY_SHIFT, COMMON_SHIFT = 0, 2, 4
