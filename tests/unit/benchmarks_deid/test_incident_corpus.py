"""The corpus of incident reports marks what it planted, and shares no sentence with what the tagger learned from."""

import re
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.deid.incident_corpus import incident_texts, sentences

_LEARNED = Path(__file__).parents[3] / "deploy" / "models"
_FEWEST_WORDS = 4


def worded(sentence: str) -> set[tuple[str, ...]]:
    """Its stretches of four words and more between slots and signs."""
    parts = re.split(r"\{\w+\}|%\w+%|[.,;:()\[\]|]", sentence.lower())
    return {tuple(part.split()) for part in parts if len(part.split()) >= _FEWEST_WORDS}


def test_no_sentence_is_one_that_the_tagger_learned_from() -> None:
    learned = {
        words for folder in ("frames", "clauses", "phrases") for file in (_LEARNED / folder).glob("*.txt")
        for line in file.read_text(encoding="utf-8").splitlines() for words in worded(line)
    }  # fmt: skip
    written = {words for sealed in (False, True) for sentence in sentences(sealed=sealed) for words in worded(sentence)}
    assert len(learned) > 300
    assert len(written) > 100
    assert not written & learned


def test_the_halves_share_no_sentence() -> None:
    assert not set(sentences(sealed=False)) & set(sentences(sealed=True))
    assert min(len(sentences(sealed=False)), len(sentences(sealed=True))) > 40


def test_what_is_marked_is_what_was_planted_and_the_seed_gives_the_texts() -> None:
    texts = incident_texts(40, 3, sealed=False)
    assert texts == incident_texts(40, 3, sealed=False)
    assert texts != incident_texts(40, 4, sealed=False)
    for text in texts:
        spans = sorted(text.spans, key=lambda span: span.start)
        assert all(before.end <= after.start for before, after in pairwise(spans))
        assert all(text.text[span.start : span.end].strip() == text.text[span.start : span.end] for span in spans)
        assert all(len(span.type) > 1 and span.start < span.end <= len(text.text) for span in spans)
    assert {span.type for text in texts for span in text.spans} >= {"NAME", "DATE", "MRN", "PHONE", "FACILITY"}
