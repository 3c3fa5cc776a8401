"""An identifier of which one letter stays has leaked; what never came out is never taken for clean."""

import pytest

from schemas.grades import Grade
from stream_processors.domain.canaries.alignment import still_there
from stream_processors.domain.canaries.findings import Finding, findings
from stream_processors.domain.canaries.floors import FLOORS, ROUND, must_go
from stream_processors.domain.canaries.judgement import GRADES, End, Judgement, Withheld, judged
from stream_processors.domain.canaries.labels import Label, Labels, Planted, Term
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY, NarrativeEngine
from stream_processors.domain.deidentification.tagging import full_engine
from tests.support.canary_flow import canaries, ends_of

TEXT = "Ann Lee got heparin on 5/16/2024 from Bo."
LABELS = Labels(TEXT, (Label(0, 7, Planted.NAME), Label(23, 27, Planted.DATE), Label(38, 40, Planted.NAME)), (Term(12, 19),))

ALIGNED = [
    ("[NAME-1] got heparin on [DATE] from [NAME-2].", 0, 0, 0, "everything went"),
    ("[NAME-1] got heparin on [DATE]/2024 from [NAME-2].", 0, 0, 0, "the year may stay"),
    ("[NAME-1] Lee got heparin on [DATE] from [NAME-2].", 1, 0, 0, "half a name stayed"),
    ("[NAME-1]e got heparin on [DATE] from [NAME-2].", 1, 0, 0, "one letter stayed"),
    ("[NAME-1] got heparin on [DATE] from Bo.", 1, 0, 0, "a whole name stayed"),
    ("[NAME-1] got heparin on 5/[DATE] from [NAME-2].", 0, 1, 0, "one digit stayed"),
    ("[NAME-1] got [NAME-2] on [DATE] from [NAME-3].", 0, 0, 1, "a drug was taken for a name"),
    ("[NAME-1]", 0, 0, 1, "all in one"),
    (TEXT, 2, 1, 0, "nothing was done"),
    ("Somebody got heparin.", 2, 1, 1, "other words: nobody can say what stayed"),
    ("[NAME-1] got heparin on [DATE] from [NAME-2]. Bye", 2, 1, 1, "words that were not there"),
    ("", 2, 1, 1, "no words at all"),
]


@pytest.mark.parametrize(("released", "names", "dates", "touched", "remark"), ALIGNED, ids=[row[4] for row in ALIGNED])
def test_a_leak_is_one_letter_or_digit_that_stays(released: str, names: int, dates: int, touched: int, remark: str) -> None:
    found = judged([End(Grade.P2, LABELS, released)])
    assert found.leaked[Grade.P2, Planted.NAME] == names, remark
    assert found.leaked[Grade.P2, Planted.DATE] == dates, remark
    assert found.touched[Grade.P2] == touched, remark
    assert (found.planted[Grade.P2, Planted.NAME], found.terms[Grade.P2]) == (2, 1)


def test_a_piece_that_fits_in_two_places_counts_in_both() -> None:
    there = still_there("x Bo and y Bo and z", "[NAME-1] Bo and [NAME-2]")
    assert there is not None
    assert bytes(there) == b"\0\1\1\1\1\1\1\1\1\0\1\1\1\1\1\1\1\1\0"


def test_in_the_anonymized_grade_dates_may_stay_and_names_may_not() -> None:
    found = judged([End(Grade.P1, LABELS, TEXT)])
    assert found.recall(Grade.P1, Planted.NAME) == 0
    assert found.recall(Grade.P1, Planted.DATE) is None


@pytest.fixture(scope="module")
def engine() -> NarrativeEngine:
    return full_engine()


@pytest.fixture(scope="module")
def whole(engine: NarrativeEngine) -> Judgement:
    return judged(ends_of(canaries(ROUND, first=500_000), engine))


def test_the_engine_that_ships_is_above_every_floor(whole: Judgement) -> None:
    assert findings(whole) == ()
    assert whole.unaligned == 0
    assert whole.released.total() > 1.9 * ROUND


def test_an_engine_without_its_tagger_is_under_the_floor_of_names_in_both_grades() -> None:
    found = findings(judged(ends_of(canaries(ROUND), PATTERNS_ONLY)))
    for grade in GRADES:
        assert {"name", "name_lower_case", "name_inverted"} <= {one.type for one in found if one.grade == grade}


def test_an_engine_that_withholds_everything_is_not_taken_for_perfect(whole: Judgement) -> None:
    found = findings(judged([End(grade, LABELS, Withheld.QUARANTINED) for grade in GRADES]))
    assert {one.what for one in found} == {"recall", "quarantined"}
    assert all(one.value is None for one in found if one.what == "recall")
    assert str(found[0]) == "P1 name: recall nothing to judge, bound 0.95"


def test_one_lost_canary_is_a_finding(whole: Judgement) -> None:
    whole_and_one = judged([End(Grade.P2, LABELS, Withheld.LOST)])
    assert Finding("lost", "P2", "", 1, 0) in findings(whole_and_one)


def test_every_type_has_a_floor_with_a_remark_and_the_law_decides_which_may_stay() -> None:
    assert set(FLOORS) == set(Planted)
    assert all(floor.remark for floor in FLOORS.values())
    assert all(must_go(type_, Grade.P2) for type_ in Planted)
    staying = {type_ for type_ in Planted if not must_go(type_, Grade.P1)}
    assert staying == {Planted.DATE, Planted.HOLIDAY, Planted.AGE, Planted.EVENT, Planted.CITY, Planted.ZIP}
    assert all(0 < bound < 1 for floor in FLOORS.values() for bound in map(floor.of, GRADES) if bound is not None)
