"""Crosswalks: a set or a refusal, both ways, with the source kept; the traps of direction; the rendered page."""

import pytest

from deploy import crosswalk_tables
from schemas.common_formats import DE21_CATEGORY, LL2819_HARM
from schemas.crosswalks.loader import category_crosswalks, harm_crosswalks, parsed
from schemas.crosswalks.relation import CannotMap, Code, Crosswalk
from schemas.taxonomy import Harm, HarmScale

ALL: list[Crosswalk[Harm]] = list(harm_crosswalks().values())
EVERY = [*ALL, *category_crosswalks().values()]


@pytest.mark.parametrize("crosswalk", EVERY, ids=lambda one: one.identity)
def test_there_and_back_again_always_finds_the_start(crosswalk: Crosswalk[Code]) -> None:
    for row in crosswalk.rows:
        if row.codes:
            for code in crosswalk.codes_of(row.value).codes:
                assert row.value in crosswalk.values_of(code)
                assert any(code in crosswalk.codes_of(value).codes for value in crosswalk.values_of(code))


@pytest.mark.parametrize("crosswalk", EVERY, ids=lambda one: one.identity)
def test_every_spelling_means_what_its_value_means_and_is_kept_as_written(crosswalk: Crosswalk[Code]) -> None:
    for row in crosswalk.rows:
        for spelling in (row.value, f"  {row.value.upper()} ", *row.also):
            if row.codes:
                mapped = crosswalk.codes_of(spelling)
                assert (mapped.source, mapped.codes, mapped.crosswalk) == (spelling, row.codes, crosswalk.identity)


@pytest.mark.parametrize("crosswalk", EVERY, ids=lambda one: one.identity)
def test_what_the_scale_does_not_know_cannot_be_mapped_and_is_not_quoted(crosswalk: Crosswalk[Code]) -> None:
    with pytest.raises(CannotMap) as raised:
        crosswalk.codes_of("Mrs Example's own words")
    assert "Example" not in str(raised.value)


def test_a_code_that_a_scale_lacks_has_no_value_there() -> None:
    with pytest.raises(CannotMap):
        harm_crosswalks()["lfpse_psychological"].values_of(Harm.DEATH)


@pytest.mark.parametrize("letter", "DEFH")
def test_the_merp_letters_that_do_not_name_a_residual_harm_stay_sets(letter: str) -> None:
    assert harm_crosswalks()["ncc_merp"].codes_of(letter).the_one is None


def test_the_two_safety_assessment_codes_run_against_each_other() -> None:
    american, australian = harm_crosswalks()["sac_va"], harm_crosswalks()["sac_nsw"]
    assert Harm.DEATH in american.codes_of("3").codes
    assert Harm.DEATH not in american.codes_of("1").codes
    assert Harm.DEATH in australian.codes_of("1").codes
    assert Harm.DEATH not in australian.codes_of("3").codes


def test_a_potential_score_is_no_harm() -> None:
    with pytest.raises(CannotMap, match="could have been"):
        harm_crosswalks()["sac_va"].codes_of("potential 3")


def test_one_on_the_physical_scale_is_worse_than_one_on_the_psychological() -> None:
    assert harm_crosswalks()["lfpse_physical"].codes_of("1").the_one is Harm.DEATH
    assert harm_crosswalks()["lfpse_psychological"].codes_of("1").the_one is Harm.SEVERE


@pytest.mark.parametrize("crosswalk", ALL, ids=lambda one: one.identity)
def test_death_is_told_by_every_scale_that_has_it_and_by_nothing_else_alone(crosswalk: Crosswalk[Harm]) -> None:
    named = [row for row in crosswalk.rows if "death" in row.label.lower() or "fatal" in row.label.lower()]
    assert all(Harm.DEATH in row.codes for row in named)
    assert all(
        "death" in row.label.lower() or "fatal" in row.label.lower() for row in crosswalk.rows if row.codes == {Harm.DEATH}
    )


def test_the_formats_own_codes_are_those_of_the_taxonomy() -> None:
    for harm, answer in LL2819_HARM.items():
        assert harm_crosswalks()["ahrq_1_2"].codes_of(answer).the_one is harm
    for category, answer in DE21_CATEGORY.items():
        assert category in category_crosswalks()["ahrq_1_2"].codes_of(answer).codes


def test_every_harm_scale_of_the_canonical_model_has_a_crosswalk() -> None:
    names = set(harm_crosswalks())
    assert all(any(name.startswith(scale) for name in names) for scale in HarmScale if scale is not HarmScale.OTHER)


def test_a_file_in_which_two_rows_claim_one_spelling_is_refused() -> None:
    head = 'name = "x"\nversion = 1\ntitle = "x"\nvalues_from = "x"\nchecked = true\npairing = "x"\n'
    rows = '[[row]]\nvalue = "A"\nlabel = "x"\ncodes = ["none"]\n[[row]]\nvalue = "a"\nlabel = "x"\ncodes = ["mild"]\n'
    with pytest.raises(ValueError, match="two rows"):
        parsed(head + rows, Harm)


def test_the_page_is_fresh() -> None:
    assert crosswalk_tables.PAGE.read_text() == crosswalk_tables.page(), "run `make render`"
