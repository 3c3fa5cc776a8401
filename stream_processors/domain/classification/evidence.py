"""Which words spoke for what was said: offsets into the narratives, never the words themselves."""

from collections.abc import Sequence
from itertools import islice

from schemas.records.flow import Evidence, Output
from schemas.records.parts import Narrative
from schemas.taxonomy import Harm
from stream_processors.domain.classification.advising import Suggestion
from stream_processors.domain.classification.heads import CATEGORIES, CATEGORY, HARM, HARMS, REPORT_TYPES, TYPE
from stream_processors.domain.classification.scoring import Scorer
from stream_processors.domain.classification.weights import SCALE
from stream_processors.domain.classification.words import WORD, lowered

WORDS = 3
"""For each output, so many words with the largest weights."""
LEAST = SCALE // 4
"""A word that adds less is no evidence."""


def evidence(scorer: Scorer, narratives: Sequence[Narrative], said: Suggestion, harm: Harm | None) -> tuple[Evidence, ...]:
    """The strongest single words for each code that is said, in the first narrative; in the order of the outputs."""
    columns = _columns(said, harm)
    if not columns or not narratives:
        return ()
    text = narratives[0].text
    ids = scorer.reader.read(text)
    weights = scorer.single[ids]
    found: list[tuple[Output, int]] = []
    for output, column in columns:
        of_column = weights[:, column]
        strongest = of_column.argsort(kind="stable")[: -WORDS - 1 : -1]
        found += [(output, int(place)) for place in sorted(strongest) if of_column[place] >= LEAST]
    places = _places(text, [place for _, place in found])
    return tuple(dict.fromkeys(Evidence(output, 0, *places[place]) for output, place in found))


def _columns(said: Suggestion, harm: Harm | None) -> list[tuple[Output, int]]:
    found = [(Output.CATEGORY, CATEGORY.start + CATEGORIES.index(category)) for category in said.categories]
    if said.report_type is not None:
        found.insert(0, (Output.REPORT_TYPE, TYPE.start + REPORT_TYPES.index(said.report_type)))
    if harm is not None:
        found.append((Output.HARM, HARM.start + HARMS.index(harm)))
    return found


def _places(text: str, words: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Start and end of the words with these numbers."""
    if not words:
        return {}
    wanted = set(words)
    spoken = islice(WORD.finditer(lowered(text)), max(words) + 1)
    return {number: match.span() for number, match in enumerate(spoken) if number in wanted}
