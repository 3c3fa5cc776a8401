"""What the shipped model marks and what it leaves, in sentences that are in no training frame."""

import pytest

from stream_processors.domain.deidentification.tagger.decoding import PlainTagger
from stream_processors.domain.deidentification.tagger.kernel import CompiledTagger
from stream_processors.domain.deidentification.tagger.loader import load
from stream_processors.domain.deidentification.tagger.model import Model, packed, unpacked
from stream_processors.domain.deidentification.tagger.states import with_states

Tagger = PlainTagger | CompiledTagger


@pytest.fixture(params=["plain", "kernel"])
def tagger(request: pytest.FixtureRequest) -> Tagger:
    found: Tagger = request.getfixturevalue(request.param)
    return found


def marked(tagger: Tagger, text: str, kind: str) -> list[str]:
    return [text[start:end] for start, end, found in tagger.tag(text) if found == kind]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Rapid response was summoned by Okonkwo around lunch.", ["Okonkwo"], id="a surname alone"),
        pytest.param(
            "Dr. Baker reviewed the tracing with Rose Whitfield, RN.", ["Baker", "Rose Whitfield"], id="names that are words"
        ),
        pytest.param("dr. baker reviewed the tracing with rose whitfield, rn", ["baker", "rose whitfield"], id="no capitals"),
        pytest.param("DR. BAKER REVIEWED THE TRACING WITH ROSE WHITFIELD, RN", ["BAKER", "ROSE WHITFIELD"], id="only capitals"),
    ],
)
def test_people_are_marked_however_they_are_written(tagger: Tagger, text: str, names: list[str]) -> None:
    assert marked(tagger, text, "NAME") == names


def test_a_facility_is_one_stretch(tagger: Tagger) -> None:
    assert marked(tagger, "He was flown to Saint Agnes Medical Center overnight.", "FACILITY") == ["Saint Agnes Medical Center"]


@pytest.mark.parametrize(
    "text",
    [
        "Foley catheter draining clear urine, Braden 14, GCS 15.",
        "Given metoprolol 25 mg PO; BP 110/70, HR 64.",
        "NKDA. History of CHF, COPD and Parkinson disease.",
    ],
)
def test_clinical_words_stay(tagger: Tagger, text: str) -> None:
    assert tagger.tag(text) == []


def test_nothing_is_found_in_nothing(tagger: Tagger) -> None:
    assert tagger.tag("") == []
    assert tagger.tag(" \n\t") == []


def test_the_plain_tagger_says_that_it_is_plain() -> None:
    assert load(plain=True).kernel == "python"


def test_more_caution_marks_no_less() -> None:
    text = "Seen with Able near the Borden annex, per Lab."

    def letters(caution: float) -> set[int]:
        return {place for start, end, _ in load(plain=True, caution=caution).tag(text) for place in range(start, end)}

    assert letters(0.2) <= letters(1.0) <= letters(50.0)
    assert letters(0.2) < letters(50.0)


def test_a_model_survives_its_file(model: Model) -> None:
    assert unpacked(packed(model)) == model


def test_a_file_that_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="not a tagger model"):
        unpacked(b"something else")


def test_a_kernel_refuses_tables_that_do_not_fit(kernel: CompiledTagger) -> None:
    extension = type(kernel._kernel)
    with pytest.raises(ValueError, match="does not fit"):
        extension(b"a 1\n", b"a 0 -1\n", b"", "a" * 0x250, (b"", b"", b"", b""), 64, (1.0,) * 64, (0.5,) * 8)


@pytest.mark.parametrize(
    ("text", "marked_place", "longer"),
    [
        pytest.param("from Dayton, OH by car", "Dayton", "Dayton, OH", id="a code behind a comma"),
        pytest.param("from Dayton OH by car", "Dayton", "Dayton OH", id="a code without a comma"),
        pytest.param("from Dayton, or so", "Dayton", "Dayton", id="a small word is no State"),
        pytest.param("from Dayton, ORTHO saw him", "Dayton", "Dayton", id="the beginning of a word is no State"),
    ],
)
def test_a_state_code_joins_the_place_before_it_only_when_asked(text: str, marked_place: str, longer: str) -> None:
    start = text.index(marked_place)
    ((begin, end, kind),) = with_states(text, [(start, start + len(marked_place), "LOCATION")])
    assert (text[begin:end], kind) == (longer, "LOCATION")


def test_a_state_code_behind_a_name_stays() -> None:
    assert with_states("Smith, MD", [(0, 5, "NAME")]) == [(0, 5, "NAME")]
