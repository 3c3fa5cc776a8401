"""Mapping files: every mistake is named with file, key and reason, all of them at once; the shipped ones are right."""

from pathlib import Path

import pytest

from producers.failure import ExitCode, Failure
from producers.mapping_file import load_mapping, parse_mapping, shipped_mappings
from tests.unit.producers.mapping_texts import mapping_text

MISTAKES = [
    # field, key and reason, remark
    ('to = "harn"\ncolumn = "C"', "field 1 (harn) to: the canonical event has no such field; is `harm` meant?", "misspelt"),
    ('to = "a b"\ncolumn = "C"', "field 1 (a b) to: a path is names with dots between", "no path"),
    ('to = "medications.dose"\ncolumn = "C"', "medications is a list: write medications[] or medications[0]", "list"),
    ('to = "categories"\ncolumn = "C"', "categories is a list: write categories[]", "a list at the end"),
    ('to = "unit[0]"\ncolumn = "C"', "unit is no list", "no list"),
    ('to = "patient"\ncolumn = "C"', "is a whole record: name one of its fields, given,", "a record"),
    ('to = "unit"', "field 1: Object missing required field `column`", "no column"),
    ('to = "unit"\ncolumn = "C"\ncolour = 1', "field 1: Object contains unknown field `colour`", "an unknown key"),
    ('to = "harm"\ncolumn = "C"\nvalues = {X = "bad"}', "field 1 (harm) values 'X': must be one of death, severe", "a code"),
    ('to = "patient.age_years"\ncolumn = "C"\notherwise = "x"', "otherwise: must be of type int", "a type"),
    ('to = "reporter.anonymous"\ncolumn = "C"', "values: must say which values mean true", "yes and no"),
    ('to = "patient.birth_date"\ncolumn = "C"\ndate = "%m/%d/%y"', "date: a year of two digits", "a guessed century"),
    ('to = "event_date"\ncolumn = "C"\ndate = "%d.%m."', "date: must contain %Y", "no year"),
    ('to = "event_date"\ncolumn = "C"\ndate = "%Y %Q"', "date: is no format", "no such mark"),
    (
        'to = "event_date"\ncolumn = "C"\ndate = ["%m/%d/%Y", "%Y-%m-%d", "%d/%m/%Y"]',
        "date: %m/%d/%Y and %d/%m/%Y read one text as two dates",
        "both orders of day and month",
    ),
    ('to = "event_time"\ncolumn = "C"\ntime = "%I:%M"', "time: an hour of the half day (%I) needs %p", "morning or evening"),
    ('to = "pses_entered_at"\ncolumn = "C"\ninstant = "%Y-%m-%d %H:%M"', "instant: must contain %z", "no zone"),
    ('to = "unit"\ncolumn = "C"\ndate = "%Y"\ntime = "%H:%M"', "date and time: only one of them", "two ways"),
    ('to = "unit"\ncolumn = "C"\ncombine = "worst"', "Invalid enum value 'worst'", "no such way to combine"),
    ('to = "unit"\ncolumn = "C"\ncombine = "prefer"', 'prefer: goes with combine = "prefer"', "prefers nothing"),
    ('to = "categories[]"\ncolumn = "C"\ncombine = "first"', "combine: a list keeps every value", "a list"),
]


@pytest.mark.parametrize(("field", "told"), [row[:2] for row in MISTAKES], ids=[row[2] for row in MISTAKES])
def test_a_mistake_is_named_with_file_key_and_reason(field: str, told: str) -> None:
    with pytest.raises(Failure) as failed:
        parse_mapping(mapping_text(field), "mine.toml")
    assert str(failed.value).startswith("mine.toml: ")
    assert told in str(failed.value)
    assert failed.value.code is ExitCode.USAGE


WHOLE = [
    ('name = "x"\nversion = 1\n', "report_type: is never set", "nothing says what is reported"),
    ('name = "x"\nversion = 0\n[constants]\nreport_type = "incident"', "version: counts from 1", "no version"),
    ('name = "x y"\nversion = 1\n[constants]\nreport_type = "incident"', "name: letters, digits", "a name with blanks"),
    ('name = "x"\nversion = 1\n[constants]\nreport_type = "accident"', "constants report_type: must be one of", "a code"),
    ('name = "x"\nversion = 1\n[constants]\ncategories = "fall"', "constants categories: must be a list", "a list"),
    ('name = "x"\nversion = 1\n[defaults]\nharn = "mild"', "defaults harn: the canonical event has no such", "misspelt"),
    ('name = "x"\nversion = 1\ndelimiter = "::"\n', "delimiter: one character", "two characters"),
    ('name = "x"\nversion = "1"\n', "Expected `int`", "a version in words"),
    ("name = ", "no TOML", "no TOML at all"),
    (
        mapping_text('to = "unit"\ncolumn = "A"', 'to = "unit"\ncolumn = "B"'),
        "field (unit): is filled by two columns", "two columns for one field",
    ),
    (mapping_text('to = "report_type"\ncolumn = "A"'), "constants report_type: is filled by a column too", "both"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [row[:2] for row in WHOLE], ids=[row[2] for row in WHOLE])
def test_a_mistake_of_the_whole_file_is_named(text: str, told: str) -> None:
    with pytest.raises(Failure, match=r"mine\.toml") as failed:
        parse_mapping(text, "mine.toml")
    assert told in str(failed.value)


def test_all_mistakes_are_told_at_once() -> None:
    fields = [row[0] for row in MISTAKES]
    with pytest.raises(Failure) as failed:
        parse_mapping(mapping_text(*fields), "mine.toml")
    assert len(str(failed.value).splitlines()) >= len(fields)


def test_the_shipped_mappings_are_right_and_say_what_they_are_for() -> None:
    examples = {"example-vendor", "example-ncc-merp", "example-ahrq-1-1", "example-lfpse", "example-nrls"}
    assert {*examples, "cfer-h-1-2", "fda-caers", "fhir-adverse-event"} <= {*shipped_mappings()}
    for name in shipped_mappings():
        loaded = load_mapping(name)
        assert loaded.name == name
        assert loaded.description


def test_a_mapping_is_a_shipped_name_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(mapping_text('to = "unit"\ncolumn = "C"'))
    assert load_mapping(str(path)).label == "small v1"
    with pytest.raises(Failure, match=r"neither a file nor a shipped mapping; shipped are cfer-h-1-2, .*, fda-caers"):
        load_mapping("no-such")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Failure, match="cannot be read as UTF-8"):
        load_mapping(str(path))
