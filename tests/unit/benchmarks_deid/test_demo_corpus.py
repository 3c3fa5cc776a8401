"""The demo's gold texts mark what the demo planted."""

from dataclasses import replace
from random import Random

import pytest

from deploy.demo.incidents import incident
from deploy.demo.providers import providers
from tests.benchmarks.deid.demo_corpus import KnownText, demo_texts, gold_of

TEXTS = demo_texts(1_500)


def parts(text: KnownText, kind: str) -> list[str]:
    return [text.text[span.start : span.end] for span in text.spans if span.type == kind]


def test_the_same_texts_come_every_time() -> None:
    assert demo_texts(40) == TEXTS[:40]


def test_every_text_has_its_own_id() -> None:
    assert len({text.id for text in TEXTS}) == len(TEXTS)


@pytest.mark.parametrize("kind", ["NAME", "MRN", "PHONE", "DATE", "FACILITY", "DEVICE", "AGE"])
def test_every_type_occurs(kind: str) -> None:
    assert any(parts(text, kind) for text in TEXTS)


def test_no_part_that_must_go_overlaps_one_that_must_stay() -> None:
    for text in TEXTS:
        gone = {place for span in text.spans for place in range(span.start, span.end)}
        assert not gone & {place for kept in text.keep for place in range(kept.start, kept.end)}


def test_an_age_goes_above_89_only() -> None:
    ages = [int(age) for text in TEXTS for age in parts(text, "AGE")]
    assert min(ages) >= 90


def test_a_title_is_no_part_of_a_name() -> None:
    names = [name for text in TEXTS for name in parts(text, "NAME")]
    assert not [name for name in names if name.lower().startswith(("mr.", "ms.", "dr.", "rn ", "pt "))]


def test_a_title_may_stay_or_go() -> None:
    doctors = [text for text in TEXTS if "Dr. " in text.text]
    assert doctors
    for text in doctors:
        assert text.text.index("Dr. ") in {part.start for part in text.neutral}


def test_the_record_of_the_event_goes_with_the_text() -> None:
    told = [text for text in TEXTS if text.known.get("patient", {}).get("mrn") in parts(text, "MRN")]
    assert len(told) > 50


def test_a_planted_identifier_outside_of_the_marks_is_an_error_that_does_not_quote_it() -> None:
    invented = incident(Random(3), providers(1)[0], 1)
    word = invented.event["narratives"][0]["text"].split()[-1]
    with pytest.raises(ValueError, match="not marked") as raised:
        list(gold_of(replace(invented, identifiers=(word,))))
    assert word not in str(raised.value)


def test_a_narrative_of_no_frame_is_an_error() -> None:
    invented = incident(Random(3), providers(1)[0], 1)
    event = {**invented.event, "narratives": [{"kind": "description", "text": "Something else."}]}
    with pytest.raises(ValueError, match="of no frame"):
        list(gold_of(replace(invented, event=event)))
