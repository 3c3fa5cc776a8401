"""Identifiers in another encoding: they go, or the text is withheld; ordinary words stay."""

import pytest

from schemas.grades import Grade
from schemas.records.parts import Device
from stream_processors.domain.deidentification.encoded import holds_encoded
from stream_processors.domain.deidentification.encodings import hidden_words
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY, Verdict
from stream_processors.domain.deidentification.known import known_identifiers
from stream_processors.domain.deidentification.release import release_of
from tests.support.builders import crowded_event
from tests.support.encodings import ENCODINGS, ILLEGIBLE

EVENT = crowded_event()
GRADES = (Grade.P1, Grade.P2)

IDENTIFIERS = (
    ("Vandersloot", "name of the patient"),
    ("Philomena Vandersloot", "two names"),
    ("Okonjo", "name of the reporter, six letters"),
    ("MFRH", "four letters: the shortest that can be seen"),
    ("MR-4471902", "number with letters"),
    ("4471902", "digits alone"),
    ("(503) 555-0199", "number with punctuation"),
    ("pvander@example.org", "address"),
    ("77 Juniper Hollow Lane", "street"),
    ("Mercy Falls Regional Hospital", "facility"),
    ("evt-20240517-0031", "number of the event"),
)


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize(("identifier", "remark"), IDENTIFIERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_identifier_of_the_event_leaves_a_narrative_in_no_encoding(
    encoding: str, identifier: str, remark: str, grade: Grade
) -> None:
    written = ENCODINGS[encoding](identifier)
    redaction = PATTERNS_ONLY.redact(f"The note {written} came with the bed.", known_identifiers(EVENT, grade), grade, {})
    assert written not in redaction.text, remark
    if redaction.verdict is Verdict.RELEASE:
        assert redaction.text.startswith("The note "), redaction.text
        assert redaction.text.endswith("came with the bed."), redaction.text


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize(("identifier", "remark"), IDENTIFIERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_nor_does_a_label_that_holds_it_leave(encoding: str, identifier: str, remark: str, grade: Grade) -> None:
    written = ENCODINGS[encoding](identifier)
    device = release_of(EVENT, grade, PATTERNS_ONLY.layers).device(
        Device(kind=written, model=f"pump {written}", manufacturer="Infusatron")
    )
    assert (device.kind, device.model, device.manufacturer) == (None, None, "Infusatron"), remark


NO_IDENTIFIER = known_identifiers(crowded_event(patient=None, reporter=None, providers=(), facility=None), Grade.P2)


@pytest.mark.parametrize("encoding", ILLEGIBLE)
def test_words_that_nobody_can_have_read_go_whoever_they_name(encoding: str) -> None:
    written = ENCODINGS[encoding]("Casimir Wollstonecraft")
    assert holds_encoded(f"The note {written} came.", NO_IDENTIFIER)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("SpO2 94 %, GCS 15, BP 120/80, INR 2.5, K+ 3.1 mEq/L", "readings"),
        ("Vitals 62 67 54 45 66 72 at the hours", "pairs of digits"),
        ("IntelliVue MX800, LIFEPAK 15, CareFusion Alaris 8100", "devices with capitals inside"),
        ("OxyContin 10 mg, NovoLog FlexPen, EpiPen, AndroGel 1.62 %", "drugs with capitals inside"),
        ("alpha1-antitrypsin, HbA1c 7.2 %, anti-Xa, PaO2/FiO2 180", "laboratory"),
        ("re-identification; e-mail; electrocardiographic; band-aid", "long words"),
        ("AEDs and ACEIs; the decade faded; the facade", "words of the letters a to f"),
        ("Dose 5%/20% and 50% dextrose; 94%ile; pH=7.31", "percent and equals signs"),
        ("A\ttable\nwith\r\nlines\fand pages", "the control characters that texts have"),
    ],
)
def test_ordinary_words_stay(text: str, remark: str) -> None:
    assert not holds_encoded(text, NO_IDENTIFIER), remark
    assert not [stretch for stretch in hidden_words(text) if stretch.is_certain], remark


@pytest.mark.parametrize("character", ["\0", "\x01", "\x08", "\x1b", "\x1f"])
def test_a_text_with_control_characters_is_withheld(character: str) -> None:
    known = known_identifiers(EVENT, Grade.P2)
    assert PATTERNS_ONLY.redact(f"She{character}fell.", known, Grade.P2, {}).verdict is Verdict.QUARANTINE
    assert holds_encoded(f"pump{character}", known)
