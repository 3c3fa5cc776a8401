"""Ages over 89 that no word marks as ages: a bare number behind a name, or before a letter for the sex.

45 CFR 164.514(b)(2)(i)(C). "Mrs. Roe, 94, fell" and "94F" say an age to every reader.
"""

import re
from collections.abc import Iterable, Iterator

from stream_processors.domain.deidentification.layers import AGES
from stream_processors.domain.deidentification.spans import Span

OLD = r"(?:9\d|1[0-2]\d)"
THEN = r"(?=\s*(?:[),;.]|$|[MFmf]\b|y|(?i:and|with|but|who)\b))"
"""What tells an age from a reading: "was 94 and confused", not "was 94 on two litres"."""
BEHIND_NAME = re.compile(rf",?\s*(?:(?i:is|was)\s)?\(?(?:(?i:age[d ]{{0,2}})\s?)?({OLD}){THEN}")
WITH_SEX = re.compile(rf"\b({OLD})(?:\s?[MF]\b|\s?/[MF]\b|[mf]\b|/[mf]\b)")
_LEFT = re.compile(rf"\[NAME-\d+\],?\s*(?:(?i:is|was)\s)?\(?{OLD}{THEN}")


def old_age_spans(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Bare ages over 89 of a text in which these names were found."""
    for span in found:
        if span.kind == "NAME" and (match := BEHIND_NAME.match(text, span.end)):
            yield Span(match.start(1), match.end(1), "AGE", "age", AGES)
    for match in WITH_SEX.finditer(text):
        yield Span(match.start(1), match.end(1), "AGE", "age", AGES)


def holds_old_age(result: str) -> bool:
    """The same question asked of the output, where names are placeholders."""
    return _LEFT.search(result) is not None or WITH_SEX.search(result) is not None
