"""Takes the State behind a marked place into the mark, for releases that may not name it."""

import re

from stream_processors.domain.deidentification.tagger.decoding import Found

_STATE = re.compile(
    r",?[ \t]{1,2}(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|"
    r"O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\b"
)
"""Only codes in capitals: a State spelled out behind a city is found by its own list."""


def with_states(text: str, found: list[Found]) -> list[Found]:
    """The same stretches, those of type LOCATION longer by a State code that follows; the tagger itself leaves States."""
    return [_longer(text, span) if span[2] == "LOCATION" else span for span in found]


def _longer(text: str, span: Found) -> Found:
    match = _STATE.match(text, span[1])
    return (span[0], match.end(), span[2]) if match else span
