"""The two quick ways of looking for shapes say what the patterns alone would say of the whole text."""

import re
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.grades import Grade
from stream_processors.domain.deidentification.candidates import matches
from stream_processors.domain.deidentification.patterns import SHAPES
from stream_processors.domain.deidentification.plain import plain
from stream_processors.domain.deidentification.suspicion import holds_shape

_SPOKEN = """
dr Dr. MR Mrs. Ms. MS miss Prof. professor nurse RN R.N. sister pharmacist patient PATIENT pt. mother son Daughter wife
Quist QUIST o'dell Jo Bellweather, Amara MD D.O. NP. P.A.-C PharmD C.R.N.A. LPN CNA Saint Odile Hospital Medical Center Clinic
Old Mill Road 14 Way St Ave MRN 4471902 447-1902 AC8830217 078-05-1120 078 05 1120 219.09.9999 (503) 555-0199 503.555.0199
+1-503-555-0199 1(503)555-0111 555-0187 a@b jane.q@site.example @ x.com www. www.a https://a.b/c ftp:// foo-bar.us .io
10.20.30.40 1.2.3 2001:db8:0:0:0:0:2:1 ::1 fe80::1 a:b:c:d: 10:15 9:05 pm 9pm 9 p.m. 0730 hours 0800h 2130 hrs
5/16/2024 5/16 1/2 tablet 120/80 10/325 mg MG 2024-05-16 2024/5 2024.12 20240516 16.05.24 16-5-24 May 16th, 2024 5 in of
March since jan 16May 16thmay 3rd 1stDecember sepember last Tuesday Mondays on the 16th Christmas new year's labor day
valentine's valentines mother's father’s fourth of july born dob: 3-4-50 d.o.b. D.O.B 1931 02/27/1931 birth date is birthday
aged 95 age 93 92 year old 92yo 101 y/o 95-year-old 99 y.o. 138y ninety nineties ninety-two centenarian nonagenarians one
hundred years in her their late 90s hundreds room 612 rm. 4a bed bay-2 suite floor 3 ext. 4432 pager: 55-12 fax number phone
no 99-1 tel 12345 mrn: 12 A12 medical record id X-99 acct # 1234 visit event 77 case was plan policy 3-3 lot7755 SN0099881
serial udi (01)00844588003288(21)SN0099881 badge ZX90017 AB-1234 ab1234cd abcdefg1234 é1234 x_1234 60601 60601-1234 25000
5XH2-TW8-XH18
Quist Pavilion East Tower Bellweather Annex Infusion Centre Polyclinic 1G4-TE5-MK73 0F5AF3MK97 K9P-1A2B33 WDB12AB34CD 4x250mg
1AXLJ74M2810K4115 7ABC123 plate tag ABC 1234 van KHT-4471 truck S20 medicare card medicaid insurance subscriber group
fingerprint FP-99213 retina scan R7-1 Quist_Amara_wound.jpg scan.final.PDF .mp3 clip.m4a J.S. Q. B. C.T. U.S. P.R.N. 902
N 14th 1st Crescent Drive Calle Bruma Rue des Saules 17 Birkenstraße Hauptweg Moab, TX 78701
ID 83701-1234 ZZ 12345 4 Elm Ct, Old Town, P.O.
units 1000000 123456 1234567890 1-2-3-4-5-6-7-8-9-0 the a an was given and [ ] ( ) , . ; : - _ / ' ’ # + é É ß ı İ ſ K ² ٣ ٣٤
"""
FRAGMENTS = [
    *_SPOKEN.split(),
    "on the",
    "on the 16th",
    "in her late",
    "in their 90s",
    "one hundred",
    "one hundred and two years",
    "aged one hundred and six",
    "a-hundred-year-old",
    "new year",
    "License plate XEZ 1368",
    "PO Box 44",
    "17 Elm Ct, Old Town, VT 05401",
    "9 rue x, Moab UT 84532",
    "he was 94 and",
    "2080 N 14th Rd",
    "5 Calle Bruma",
    "12 Birkenstraße",
    "fingerprint no. F-7731",
    "Medicare id 1EG4-TE5-MK73",
    "van 7ABC123",
    "lives at 22 north shore dr",
    "14 maple street, apt 3b",
]
_LEADS = """
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept sepember oct nov dec in|May on|May since|May until|May by|May of|May last|May this|May
next|May early|May late|May mid|May monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays
thursdays fridays saturdays sundays christmas xmas thanksgiving easter new|year new|year's labor|day memorial|day
independence|day veterans|day halloween valentine's valentines fourth|of|july juneteenth mother's|day father's|day on|the
born dob birth birthday birthdate d.o.b. age aged ninety nineties in|his|mid|90s in|her|90s in|their|hundreds centenarian
centenarians supercentenarian supercentenarians nonagenarian nonagenarians a|hundred|years
one|hundred|years room rm bed bay suite floor ext
extension pager beeper fax phone tel mrn mrns medical|record acct account accounts encounter csn har fin visit npi dea license
licence badge employee policy member plan serial lot udi case incident event ssn dr doctor mr mrs ms miss prof professor nurse
rn sister pharmacist physician surgeon resident attending technician tech therapist aide midwife patient pt mother father wife
husband son daughter he she resident client plate plates license|plate licence|plate tag van truck pickup sedan car suv vehicle
ambulance motorcycle medicare medicaid mbi hicn insurance subscriber beneficiary group fingerprint fingerprints voiceprint
retina iris biometric po|box p.o.|box p.o.box p|o|box post|office|box new|year's|eve easter|monday
lives|at living|at resides|at residing|at address home|is moved|to
"""
LEADS = [lead.replace("|", " ") for lead in _LEADS.split()]
FOLLOWED_BY = [" Quist went", " 95 to", " 12345 to", " 3rd to", " quist", " to", " AB-1234 to", " was 94 and", " 14 elm dr"]
CASES = ["upper", "lower", "as it is", "as it is", "as it is"]
GAPS = [" "] * 12 + ["", "", ", ", ". ", "\n", "-", "_", "  ", "\t", "   ", ": ", "\u00a0", "/", "\0" * 8]
CHARACTERS = "abz019AZ .,-/:@()_\n\t'’é٣ıſK²"
EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]

grades = pytest.mark.parametrize("grade", [Grade.P1, Grade.P2])


def text_of(seed: int) -> str:
    """A text of fragments that nearly are, or are, identifiers; a fifth of them only of single characters."""
    random = Random(seed)
    if random.random() < 0.2:
        return "".join(random.choices(CHARACTERS, k=random.randint(1, 80)))
    text = "".join(random.choice(FRAGMENTS) + random.choice(GAPS) for _ in range(random.randint(1, 40)))
    case = random.choice(CASES)
    return text.upper() if case == "upper" else text.lower() if case == "lower" else text


texts = st.one_of(st.integers(0, 2**32).map(text_of), st.text(max_size=60))


def found_by_patterns(text: str, grade: Grade) -> list[tuple[int, tuple[int, int]]]:
    return [(place, one.span()) for place, shape in enumerate(SHAPES[grade]) for one in shape.pattern.finditer(text)]


@grades
@settings(max_examples=1000, deadline=None)
@given(texts)
def test_the_search_finds_what_the_patterns_find(grade: Grade, text: str) -> None:
    found = [(SHAPES[grade].index(shape), match.span()) for shape, match in matches(text, grade)]
    assert found == found_by_patterns(text, grade)


@grades
@settings(max_examples=1000, deadline=None)
@given(texts)
def test_the_second_look_sees_every_single_match_without_the_others(grade: Grade, text: str) -> None:
    assert holds_shape(text, grade) is bool(found_by_patterns(text, grade))
    for _, (start, end) in found_by_patterns(text, grade):
        alone = text[max(0, start - 1) : end + 1]
        assert holds_shape(alone, grade) is bool(found_by_patterns(alone, grade)), alone


@pytest.mark.parametrize("lead", LEADS)
def test_no_word_with_which_a_shape_begins_is_passed_over(lead: str) -> None:
    texts = [f"{before}{lead}{after}" for before in ("", "The ", "the, ") for after in FOLLOWED_BY]
    assert any(found_by_patterns(text, Grade.P2) for text in texts)
    for text in [*texts, *map(str.upper, texts), *map(str.capitalize, texts)]:
        found = [(SHAPES[Grade.P2].index(shape), match.span()) for shape, match in matches(text, Grade.P2)]
        assert found == found_by_patterns(text, Grade.P2), text
        assert holds_shape(text, Grade.P2) is bool(found), text


@grades
def test_the_invented_texts_hold_every_shape(grade: Grade) -> None:
    seen = {place for seed in range(1500) for place, _ in found_by_patterns(text_of(seed), grade)}
    assert [SHAPES[grade][place] for place in range(len(SHAPES[grade])) if place not in seen] == []


def test_every_character_that_a_pattern_takes_for_a_letter_or_digit_is_one_in_the_plain_text() -> None:
    letter = re.compile("[a-z]", re.IGNORECASE)
    assert [c for c in EVERY_CHARACTER if letter.match(c) and not letter.match(plain(c)[0])] == []
    assert [c for c in EVERY_CHARACTER if re.match(r"\d", c) and not re.match("[0-9]", plain(c)[0])] == []
    assert [c for c in EVERY_CHARACTER if len(plain(c)) != 1 or not plain(c).isascii()] == []
