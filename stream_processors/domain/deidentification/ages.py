"""Ages as they may be told where nobody is identified: whole years to 89, one group above (45 CFR 164.514(b)(2)(i)(C)).

The same paragraph takes every element of a date, the year included, that tells such an age: a year of birth never leaves in
this grade. The year of the event may stand beside `90+`: it says of the birth only that it was 90 years before or more, which
`90+` says by itself; no second date is there to subtract it from.
"""

from stream_processors.domain.deidentification.known import OLDEST_AGE


def age_group(years: int | None) -> str | None:
    """The age in whole years to 89, `90+` above; None where it is not known."""
    if years is None:
        return None
    return str(years) if years <= OLDEST_AGE else f"{OLDEST_AGE + 1}+"
