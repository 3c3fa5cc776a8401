"""The words of a narrative: what goes, what stays, and what is not vouched for."""

import contextlib
import time
from typing import Any

import pytest

from schemas.grades import Grade
from schemas.records.parts import Narrative
from schemas.records.people import Patient
from schemas.taxonomy import NarrativeKind, NarrativeRelease
from stream_processors.domain.deidentification import engine
from stream_processors.domain.deidentification.engine import LONGEST
from stream_processors.domain.deidentification.known import known_identifiers
from stream_processors.domain.deidentification.narrative import released_narratives
from stream_processors.domain.rejection import Reason, Rejected
from tests.support.builders import classified, crowded_event

P1, P2 = Grade.P1, Grade.P2


def redacted(*texts: str, grade: Grade = P2, **changes: Any) -> tuple[str, ...]:
    event = crowded_event(narratives=tuple(Narrative(NarrativeKind.DESCRIPTION, text) for text in texts), **changes)
    record = classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED)
    return tuple(narrative.text for narrative in released_narratives(record, known_identifiers(event, grade), grade).narratives)


@pytest.mark.parametrize(
    ("text", "expected", "remark"),
    [
        ("Philomena Vandersloot slipped.", "[NAME-1] slipped.", "parts of one name in a row are one"),
        ("VANDERSLOOT, PHILOMENA slipped.", "[NAME-1] slipped.", "capitals, last name first"),
        ("vandersloot slipped", "[NAME-1] slipped", "lower case"),
        ("philomenavandersloot slipped", "[NAME-1] slipped", "written together"),
        ("Vándersloot's bed", "[NAME-1]'s bed", "an accent and a possessive"),
        ("Vander\u00adsloot and Van\u200bdersloot", "[NAME-1] and [NAME-1]", "invisible characters"),
        ("Ｖａｎｄｅｒｓｌｏｏｔ", "[NAME-1]", "full-width letters"),
        ("Okonjo told Raskolnik and Okonjo.", "[NAME-1] told [NAME-2] and [NAME-1].", "numbers follow the people"),
        ("Vanderslooter", "Vanderslooter", "another word"),
        ("MRN: MR-4471902", "MRN: [ID]", "a labelled number"),
        ("mr 4471902 and 4471902 and 447-1902", "[ID] and [ID] and [ID]", "its parts, its digits, its digits in groups"),
        ("078-05-1120 or 078051120 or 078 05 1120", "[ID] or [ID] or [ID]", "a known number in every form"),
        ("call (503)555-0199", "call [PHONE]", "a known telephone number, without a space behind its area code"),
        ("1eg4-te5-mk73", "[ID]", "letters and digits, with hyphens"),
        ("at Mercy Falls Regional Hospital, MFRH", "at [FACILITY]", "the facility and its short name"),
        ("at Mercy", "at [FACILITY]", "a word of its name that names it"),
        ("the regional hospital", "the regional hospital", "words of its name that belong to the language"),
        ("on Hartwig Pavilion 6 North", "on [UNIT]", "the unit"),
        ("1180 Tamarack Boulevard", "[ADDRESS]", "the street"),
        ("in Riskwatcher as RW-550021", "in [ID] as [ID]", "the event elsewhere"),
        ("pump SN0099881 of lot7755", "pump [ID] of [ID]", "serial and lot number"),
        ("seen in Wexcombe 98997", "seen in [PLACE]", "town and ZIP code, known and below the State"),
        ("She is 93, of 1931.", "She is [AGE], of [DATE].", "an age over 89 and the year that says it"),
    ],
)
def test_what_the_fields_say_is_found_in_the_words(text: str, expected: str, remark: str) -> None:
    assert redacted(text) == (expected,), remark


@pytest.mark.parametrize(
    ("text", "expected", "remark"),
    [
        ("mail jane.q@site.example now", "mail [EMAIL] now", "e-mail"),
        ("see https://a.example/x?y=1 now", "see [URL] now", "URL"),
        ("see www.place.example", "see [URL]", "URL without a scheme"),
        ("see wardnotes.org/page", "see [URL]", "a bare domain"),
        ("from 10.20.30.40", "from [IP]", "IPv4"),
        ("from 2001:db8:0:0:0:0:2:1", "from [IP]", "IPv6"),
        ("SSN 219-09-9999", "SSN [SSN]", "social security number behind its label"),
        ("219-09-9999", "[SSN]", "and without"),
        ("call 212-555-0187, (212) 555 0187, 212.555.0187", "call [PHONE], [PHONE], [PHONE]", "telephone"),
        ("call 555-0187 ext. 4432", "call [PHONE] ext. [PHONE]", "local number and extension"),
        ("acct no. 99-1", "acct no. [ID]", "a short number behind a label"),
        ("visit # A12345", "visit # [ID]", "a code behind a label"),
        ("seen 20481920 there", "seen [ID] there", "a long run of digits"),
        ("badge ZX90017", "badge [ID]", "letters and digits"),
        ("ZIP 60601 or 60601-1234", "ZIP [ZIP] or [ZIP]", "ZIP codes"),
        ("Dr. Amara Quist and Mr. o'dell", "Dr. [NAME-1] and Mr. [NAME-2]", "names behind a title, in any case"),
        ("Nurse Quist; Jo Bellweather, RN", "Nurse [NAME-1]; [NAME-2], RN", "a role before, a credential behind"),
        ("her daughter Mabel", "her daughter [NAME-1]", "a relative by name"),
        ("sent to Saint Odile Hospital", "sent to [FACILITY]", "another facility"),
        ("at 14 Old Mill Road", "at [ADDRESS]", "a street address"),
        ("at 14 old mill road, apt 3b", "at [ADDRESS]", "in small letters, with its door"),
        ("lives at 22 north shore dr and", "lives at [ADDRESS] and", "a way that is also a doctor"),
        ("call (212)555-0187", "call [PHONE]", "an area code without a space behind it"),
    ],
)
@pytest.mark.parametrize("grade", [P1, P2])
def test_shapes_of_direct_identifiers_go_from_both_grades(text: str, expected: str, grade: Grade, remark: str) -> None:
    assert redacted(text, grade=grade) == (expected,), remark


@pytest.mark.parametrize(
    ("text", "expected", "remark"),
    [
        ("on 5/16/2024", "on [DATE]", "month, day, year"),
        ("on 2024-05-16T10", "on [DATE]T10", "ISO"),
        ("on 20240516", "on [DATE]", "ISO without hyphens"),
        ("on 16.05.24", "on [DATE]", "day, month, year"),
        ("on 5/16", "on [DATE]", "month and day"),
        ("on May 16th, 2024", "on [DATE]", "in words"),
        ("on the 16th of May", "on the [DATE]", "in words, the day first"),
        ("in March", "in [DATE]", "a month behind a preposition"),
        ("October was busy", "[DATE] was busy", "a month that is no other word"),
        ("last Tuesday", "last Tuesday", "a day of the week without a date stays"),
        ("on Christmas", "on [DATE]", "a holiday"),
        ("on 5/16/2024 at 21:40", "on [DATE] at [TIME]", "a time of day tied to a date"),
        ("at 0240 on 3-14-26", "at [TIME] on [DATE]", "four digits behind at"),
        ("Born Feb 11 2026 0312, well", "Born [DATE] [TIME], well", "four digits behind a date"),
        ("3/14/26 @2205 found down", "[DATE] @[TIME] found down", "four digits behind a sign"),
        ("0615 on May 3rd", "[TIME] on [DATE]", "four digits before a date"),
        ("on 3/14/26 1000 mg given", "on [DATE] 1000 mg given", "a dose"),
        ("on 3/14/26 to room 1204", "on [DATE] to room 1204", "a room"),
        ("at 0240 the pump stopped", "at 0240 the pump stopped", "four digits of no day stay"),
        ("Tuesday, May 14, 9 pm", "[DATE], [DATE], [TIME]", "a weekday and a time beside a date"),
        ("at 21:40, 9 pm, 0730 hours", "at 21:40, 9 pm, 0730 hours", "times of no day stay"),
        ("Seen 3/4/2024. At 21:40 he fell.", "Seen [DATE]. At 21:40 he fell.", "a date of another sentence ties nothing"),
        ("a 92 year old, 101 y/o, aged 95", "a [AGE] old, [AGE], aged [AGE]", "ages over 89"),
        ("ninety-two years old", "[AGE] years old", "in words"),
        ("in room 612, bed 3", "in room 612, bed 3", "rooms and beds stay"),
    ],
)
def test_dates_times_and_ages_over_89_go_from_p2_and_stay_in_p1(text: str, expected: str, remark: str) -> None:
    assert redacted(text) == (expected,), remark
    if "20240516" not in text:  # a run of eight digits is a number in P1
        assert redacted(text, grade=P1) == (text,), remark


@pytest.mark.parametrize(
    "text",
    [
        "heparin 25000 units at 12 mL per hour, 10/325 mg, 1/2 tablet",
        "blood pressure 120/80, SpO2 94 %, T4-L5, Braden score 14",
        "an 89 year old, 45 y/o, in 2024, twice daily",
        "The Foley catheter may march on; the lab was of no use.",
        "gave 1000000 units",
        "diagnosed with MS like others",
    ],
)
def test_clinical_words_and_numbers_stay(text: str) -> None:
    assert redacted(text) == (text,)


def test_names_keep_their_number_through_all_narratives_of_an_event() -> None:
    assert redacted("Dr. Quist called Okonjo.", "Okonjo called Dr. QUIST.") == (
        "Dr. [NAME-1] called [NAME-2].",
        "[NAME-2] called Dr. [NAME-1].",
    )


def test_a_placeholder_that_somebody_typed_is_none() -> None:
    assert redacted("[NAME-7] and [PHONE]", patient=Patient(family="Phone")) == ("(NAME-7) and ([NAME-1])",)


@pytest.mark.parametrize(
    ("release", "grades", "remark"),
    [
        (NarrativeRelease.NONE, set(), "no narrative leaves"),
        (NarrativeRelease.ANONYMIZED, {P1}, "to another PSO, not to the public"),
        (NarrativeRelease.NONIDENTIFIED, {P1, P2}, "to both"),
    ],
)
@pytest.mark.parametrize("grade", [P1, P2])
def test_narratives_leave_where_the_arrangement_lets_them(
    release: NarrativeRelease, grades: set[Grade], grade: Grade, remark: str
) -> None:
    event = crowded_event()
    found = released_narratives(classified(event, narrative_release=release), known_identifiers(event, grade), grade).narratives
    assert bool(found) is (grade in grades), remark


@pytest.mark.parametrize(
    ("text", "remark"),
    [("x" * (LONGEST + 1), "too long"), ("\ufdfa" * (LONGEST // 2), "too long once it is normalised")],
)
def test_a_text_nobody_would_read_to_the_end_is_quarantined(text: str, remark: str) -> None:
    with pytest.raises(Rejected) as refused:
        redacted("short", text)
    assert (refused.value.reason, refused.value.path) == (Reason.QUARANTINED, "event.narratives[1].text"), remark


def test_the_longest_text_is_read_in_a_time_that_grows_with_its_length() -> None:
    for unit in ("a", "1", "1-", "a.", "A ", "Dr. ", "aaaa@", "1:", "Jan "):
        text = (unit * LONGEST)[:LONGEST]
        started = time.process_time()
        with contextlib.suppress(Rejected):  # quarantined is an answer, too
            redacted(text)
        assert time.process_time() - started < 5.0, unit


@pytest.mark.parametrize("broken", ["known_spans", "shaped_spans"])
def test_a_detector_that_fails_to_find_is_caught_by_the_other_path(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, broken, lambda *_: iter(()))
    with pytest.raises(Rejected) as refused:
        redacted("Vandersloot wrote to someone@site.example")
    assert refused.value.reason is Reason.QUARANTINED
    assert "Vandersloot" not in str(refused.value)
