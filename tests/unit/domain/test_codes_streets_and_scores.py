"""Codes, plates, files, initials and streets go by their shape; scores, doses and eponyms that look like them stay."""

import pytest

from schemas.grades import Grade
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.safe import hidden
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.domain.deidentification.texts import LooseText, redacted


@pytest.fixture(scope="module")
def engine() -> NarrativeEngine:
    return full_engine()


@pytest.mark.parametrize(
    ("identifier", "text", "remark"),
    [
        ("1G4-TE5-MK73", "Medicare card 1G4-TE5-MK73 was read out.", "a beneficiary number in groups"),
        ("5XH2-TW8-XH18", "Card 5XH2-TW8-XH18 was read out.", "another, with an x in it"),
        ("0F5AF3MK97", "It said 0F5AF3MK97 on the screen.", "letters and digits in turn, without a word for it"),
        ("1AXLJ74M2810K4115", "The lift van, VIN 1AXLJ74M2810K4115, is out of service.", "a vehicle"),
        ("7ABC123", "A grey pickup 7ABC123 left the bay.", "a plate of California"),
        ("XEZ 1368", "plate XEZ 1368 was seen", "a plate in two parts"),
        ("FP-99213", "Fingerprint scan FP-99213 did not match.", "the number of a print"),
        ("quist_amara_wound.jpg", "Saved as quist_amara_wound.jpg on the drive.", "the name of a picture"),
        ("AC-91296-072", "Billing ref AC-91296-072 was merged.", "a code is one with what hangs on it"),
        ("4" * 60, f"The label said {'4' * 60} in one row.", "more digits than any number has"),
        ("J.S.", "Signed J.S. at the end of the shift.", "initials"),
        ("902 N 14th Rd", "Found near 902 N 14th Rd by police.", "an ordinal street"),
        ("81 n 14th st", "found near 81 n 14th st by police", "the same in small letters"),
        ("5541 Rue des Saules", "Delivered to 5541 Rue des Saules instead.", "a way that comes first"),
        ("1711 Birkenstraße", "Delivered to 1711 Birkenstraße instead.", "a way that is the end of a word"),
        ("TUKAREA RD", "Found near 4416 TUKAREA RD by police.", "a street in capitals"),
        ("P.O. Box 44", "Mailed to P.O. Box 44 again.", "a box"),
        ("Larchhaven Infusion Centre", "Referred through Larchhaven Infusion Centre for care.", "a centre"),
        ("Vratla Pavilion", "The staff on Vratla Pavilion were short.", "a wing"),
        ("Ji-woo", "This is Ji-woo Zielinski on the phone.", "a hyphenated name goes whole"),
        ("New Year's Day", "He fell on New Year's Day at home.", "a holiday with its day"),
        ("94", "He was 94 and confused.", "an age without a word for it"),
    ],
)
def test_what_goes(engine: NarrativeEngine, identifier: str, text: str, remark: str) -> None:
    result = redacted(LooseText("1", text), Grade.P2, engine)
    assert result.text, remark
    assert identifier not in result.text, remark
    for part in identifier.split():
        assert part not in result.text.split(), remark


@pytest.mark.parametrize("grade", [Grade.P1, Grade.P2])
def test_the_number_of_a_house_that_could_be_a_month_goes_also_where_dates_stay(engine: NarrativeEngine, grade: Grade) -> None:
    """Its certification number for Medicare, of six digits: the first two are its State."""
    result = redacted(LooseText("1", "Medicare provider number 05-0123 was shown."), grade, engine)
    assert result.text == "Medicare provider number [ID] was shown."


@pytest.mark.parametrize(
    ("kept", "remark"),
    [
        ("pain 9/10", "a score that looks like a day in September"),
        ("Apgar 7/9", "two scores"),
        ("strength 5/5 on the left", "a muscle"),
        ("hydrocodone 10/325 mg", "two substances"),
        ("KCl 40 mEq", "a unit with a capital inside"),
        ("Braden 14", "a scale that is called after somebody"),
        ("the Hickman was flushed", "a catheter that is"),
        ("doses p.r.n. and b.i.d.", "abbreviations with full stops"),
        ("saw the 2018 guideline", "a bare year stays"),
        ("on 4 West", "a unit by floor and side"),
        ("a 20 minute drive", "no street"),
        ("2 patients down the road", "nor this"),
        ("that we called dr and waited", "a title without its name"),
    ],
)
def test_what_stays(engine: NarrativeEngine, kept: str, remark: str) -> None:
    text = f"During the night shift we noted {kept} before the pump was changed."
    assert kept in redacted(LooseText("1", text), Grade.P2, engine).text, remark


@pytest.mark.parametrize("text", ["9/10", "pain 10/9", "on 8/10", "pain 3/14/2024", "scored 5-5-24", "rate 120/80"])
def test_what_is_no_score_is_not_hidden(text: str) -> None:
    assert hidden(text) == text


def test_hiding_keeps_every_place() -> None:
    text = "Pain 9/10, then 10/325 mg; MRN 9/10."
    assert hidden(text) == "Pain */**, then **/*** mg; MRN 9/10."


def test_in_p1_the_street_goes_and_the_town_stays(engine: NarrativeEngine) -> None:
    result = redacted(LooseText("1", "Lives at 17 Elm Court, Wexcombe, VT 05401 alone."), Grade.P1, engine).text
    assert "Elm" not in result
    assert "Wexcombe, VT" in result
