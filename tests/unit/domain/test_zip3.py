"""ZIP3: the 894 prefixes of the 2020 census, 18 of them too small to be named."""

import pytest

from stream_processors.domain.deidentification import zip3_census
from stream_processors.domain.deidentification.zip3 import ALLOWED, UNNAMED, allowed, populations, zip3

PEOPLE = populations()

RESTRICTED = [
    ("036", 13_153, "on the list of 2000 too"),
    ("059", 3_352, "on the list of 2000 too"),
    ("102", 15_082, "on the list of 2000 too"),
    ("202", 0, "Washington DC, federal offices: not on the list of 2000"),
    ("203", 772, "on the list of 2000 too"),
    ("204", 60, "not on the list of 2000"),
    ("205", 44, "not on the list of 2000"),
    ("369", 17_596, "not on the list of 2000"),
    ("556", 16_415, "on the list of 2000 too"),
    ("692", 8_626, "on the list of 2000 too"),
    ("753", 0, "not on the list of 2000"),
    ("772", 4_280, "not on the list of 2000"),
    ("821", 392, "on the list of 2000 too"),
    ("823", 14_702, "on the list of 2000 too"),
    ("878", 17_364, "on the list of 2000 too"),
    ("879", 16_082, "on the list of 2000 too"),
    ("884", 16_740, "on the list of 2000 too"),
    ("893", 10_701, "on the list of 2000 too"),
]
CLOSE = [("576", 20_310), ("999", 21_178), ("831", 22_228), ("994", 22_324), ("516", 22_642), ("830", 22_696)]
GROWN = ("063", "790", "830", "831", "890")


def test_the_table_is_the_census() -> None:
    assert len(PEOPLE) == 894
    assert sum(PEOPLE.values()) == 334_726_586
    assert zip3_census.AREAS == 33_774
    assert len(zip3_census.SHA256) == 64
    assert list(PEOPLE) == sorted(PEOPLE)


@pytest.mark.parametrize(("prefix", "people", "remark"), RESTRICTED)
def test_a_prefix_of_20000_people_or_fewer_is_not_named(prefix: str, people: int, remark: str) -> None:
    assert PEOPLE[prefix] == people, remark
    assert zip3(f"{prefix}01") == UNNAMED == "000", remark


def test_the_line_is_at_20000_although_no_prefix_stands_on_it() -> None:
    assert allowed({"111": 19_999, "222": 20_000, "333": 20_001}) == {"333"}


def test_no_other_prefix_is_restricted() -> None:
    assert {prefix for prefix in PEOPLE if prefix not in ALLOWED} == {prefix for prefix, *_ in RESTRICTED}


@pytest.mark.parametrize("prefix", PEOPLE)
def test_every_prefix_of_the_census_is_named_if_more_than_20000_live_there(prefix: str) -> None:
    expected = prefix if PEOPLE[prefix] > 20_000 else "000"
    assert [zip3(f"{prefix}00"), zip3(f"{prefix}99-1234")] == [expected, expected]


def test_a_prefix_that_the_census_does_not_know_is_not_named() -> None:
    unknown = [f"{number:03}" for number in range(1000) if f"{number:03}" not in PEOPLE]
    assert len(unknown) == 106
    assert {zip3(f"{prefix}55") for prefix in unknown} == {"000"}
    assert {"090", "340", "963", "000"} <= set(unknown)  # the armed forces, and the stand-in itself


@pytest.mark.parametrize(("prefix", "people"), CLOSE)
def test_a_prefix_close_above_the_line_is_named_until_the_next_census(prefix: str, people: int) -> None:
    assert PEOPLE[prefix] == people
    assert zip3(f"{prefix}00") == prefix


@pytest.mark.parametrize("prefix", GROWN)
def test_a_prefix_that_outgrew_the_list_of_2000_is_named(prefix: str) -> None:
    assert zip3(f"{prefix}00") == prefix


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ("979", "three digits may be anything"),
        ("9799", "four"),
        ("979981", "six"),
        ("979981234", "nine in a row may be somebody's number"),
        ("97998-", "a dash and nothing"),
        ("97998-12345", "too long"),
        (" 97998", "a space"),
        ("97998\n", "a line"),
        ("٩٧٩٩٨", "digits of another script"),
        ("97998 Mercy", "a name behind it"),
        ("K1A 0B1", "of Canada"),
    ],
)
def test_a_text_that_is_no_zip_code_gives_nothing(text: str | None, remark: str) -> None:
    assert zip3(text) is None, remark
