"""Which changes of a schema are refused, in which direction reading fails, and what to do instead."""

import json
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import avro.io
import avro.schema
import pytest

from schemas.compatibility import Direction, Fault, Rule, amends, follows
from schemas.resolution import Kind
from tests.properties.avro_libraries import LIBRARIES
from tests.properties.evolving import array, enum, field, reads_all, record

BACK, FORTH = Direction.BACKWARD, Direction.FORWARD
Schema = dict[str, Any]


def event(*fields: Schema) -> Schema:
    return record("Event", *fields)


def one(kind: Any, **more: Any) -> Schema:
    return event(field("a", kind, **more))


XY, X_OPEN, XY_OPEN = enum("E", "x", "y"), enum("E", "x", default="x"), enum("E", "x", "y", default="x")
INNER, INNER_WITH_B = record("P", field("a", "long")), record("P", field("a", "long"), field("b", "long"))
REUSE = event(field("first", XY, default=True), field("a", "org.pso_stream.v1.E"))

# old, new, the faults as (path, kind, directions), what the row shows
TABLE: Sequence[tuple[Schema, Schema, list[tuple[str, Kind | Rule, tuple[Direction, ...]]], str]] = [
    (one("long"), one("long"), [], "the same schema"),
    (one("long"), one("long", doc="Said better."), [], "words may change"),
    (one("long"), event(field("b", "string", default=True), field("a", "long")), [], "a field with a default is added"),
    (one("long"), event(field("a", "long"), field("b", "string")), [("b", Kind.NO_DEFAULT, (BACK,))], "without default"),
    (
        event(field("a", "long"), field("b", "string")),
        one("long"),
        [("b", Kind.NO_DEFAULT, (FORTH,)), ("Event.b", Rule.REMOVED, ())],
        "a field that old readers need goes",
    ),
    (
        event(field("a", "long"), field("b", "string", default=True)),
        one("long"),
        [("Event.b", Rule.REMOVED, ())],
        "Avro can live without it; our topics keep its values for ever",
    ),
    (
        event(field("a", "long", default=True)),
        event(field("b", "long", default=True)),
        [("Event.a", Rule.SUSPECTED_RENAME, ())],
        "a rename loses every old value without a word",
    ),
    (one("int"), one("long"), [("a", Kind.TYPE, (FORTH,))], "a promotion works one way only"),
    (one("float"), one("double"), [("a", Kind.TYPE, (FORTH,))], "so do fractions"),
    (one("string"), one("bytes"), [], "words and bytes are promoted both ways"),
    (one("string"), one("long"), [("a", Kind.TYPE, (BACK, FORTH))], "another type"),
    (one("long"), one(["null", "long"]), [("a", Kind.UNION, (FORTH,))], "old readers know no null"),
    (one(["null", "long"]), one("long"), [("a", Kind.UNION, (BACK,))], "old records may hold null"),
    (one(["null", "long"]), one(["null", "string"]), [("a", Kind.UNION, (BACK, FORTH))], "another arm"),
    (one(["null", "long"]), one(["long", "null"]), [], "the order of arms is the writer's affair"),
    (one(array("int")), one(array("long")), [("a[]", Kind.TYPE, (FORTH,))], "inside an array"),
    (one(array("long")), one("long"), [("a", Kind.TYPE, (BACK, FORTH))], "an array is no item"),
    (one(XY), one(XY_OPEN), [], "an enum gets a default"),
    (
        one(X_OPEN),
        one(XY_OPEN),
        [],
        "a symbol is added to an enum that had a default: old readers take it for that",
    ),
    (one(enum("E", "x")), one(XY), [("a", Kind.SYMBOL, (FORTH,))], "a symbol is added where no default was"),
    (one(XY_OPEN), one(X_OPEN), [("E.y", Rule.REMOVED, ())], "a symbol of old records goes, though Avro would map it"),
    (
        one(XY),
        one(enum("E", "x", "z")),
        [("a", Kind.SYMBOL, (BACK, FORTH)), ("E.y", Rule.SUSPECTED_RENAME, ())],
        "a symbol is renamed",
    ),
    (one(XY), one(enum("E", "y", "x")), [], "the order of symbols is the writer's affair"),
    (one(XY), one(enum("F", "x", "y")), [("a", Kind.NAME, (BACK, FORTH))], "an enum is renamed"),
    (one(INNER), one(INNER_WITH_B), [("a.b", Kind.NO_DEFAULT, (BACK,))], "inside a record"),
    (one(["null", INNER]), one(["null", INNER_WITH_B]), [("a.b", Kind.NO_DEFAULT, (BACK,))], "inside an optional record"),
    (one(array(INNER)), one(array(INNER_WITH_B)), [("a[].b", Kind.NO_DEFAULT, (BACK,))], "inside an array of records"),
    (REUSE, one(XY), [("Event.first", Rule.REMOVED, ())], "a type is defined in a field that the new schema lacks"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected", "remark"), TABLE, ids=[row[3] for row in TABLE])
def test_a_change_is_judged_and_the_judgement_is_what_reading_does(
    old: Schema, new: Schema, expected: list[tuple[str, Kind | Rule, tuple[Direction, ...]]], remark: str
) -> None:
    faults = follows(new, [old])
    assert sorted((f.path, f.kind, f.fails) for f in faults) == sorted(expected), remark
    assert all(fault.remedy for fault in faults)
    fails = {direction for fault in faults for direction in fault.fails}
    assert reads_all(old, new) == (BACK not in fails), remark
    assert reads_all(new, old) == (FORTH not in fails), remark


def test_an_alias_does_not_help_because_a_reader_may_ignore_it_and_the_reference_implementation_does() -> None:
    old, new = one("long"), event(field("b", "long", aliases=["a"]))
    judged = {(fault.path, fault.kind, fault.fails) for fault in follows(new, [old])}
    assert ("b", Kind.NO_DEFAULT, (BACK,)) in judged
    assert ("Event.a", Rule.SUSPECTED_RENAME, ()) in judged
    octets = LIBRARIES["avro-python3"].write(old, {"a": 1})
    reader = avro.io.DatumReader(avro.schema.parse(json.dumps(old)), avro.schema.parse(json.dumps(new)))
    with pytest.raises(avro.io.SchemaResolutionException, match="No default value for field b"):
        reader.read(avro.io.BinaryDecoder(BytesIO(octets)))


def test_a_new_version_is_held_against_every_released_one_not_the_last_alone() -> None:
    first, second = one(XY), one(enum("E", "x", "y", "z", default="x"))
    third = one(enum("E", "x", "y", "z", default="x"))
    assert follows(third, [second]) == []
    assert [fault.kind for fault in follows(third, [first, second])] == [Kind.SYMBOL]


def test_a_fault_says_where_what_and_what_to_do_in_one_line() -> None:
    (fault,) = follows(event(field("a", "long"), field("b", "string")), [one("long")])
    said = "b: no_default, backward reading fails; give the field a default, and keep it in every later version"
    assert str(fault) == said


def test_a_schema_that_holds_itself_is_judged_to_an_end() -> None:
    tree = record("Tree", field("children", array("org.pso_stream.v1.Tree")))
    assert follows(tree, [tree]) == []
    taller = record("Tree", field("children", array("org.pso_stream.v1.Tree")), field("height", "long"))
    assert [(f.path, f.fails) for f in follows(taller, [tree])] == [("height", (BACK,))]


def reworded(schema: Schema) -> Schema:
    return {**schema, "doc": "Said better."}


def classed(protection: str | None) -> Schema:
    return one("string", **({} if protection is None else {"protection": protection}))


AMENDMENTS: Sequence[tuple[Schema, Schema, set[Rule], str]] = [
    (classed("plain"), classed("plain"), set(), "nothing changed"),
    (classed("plain"), reworded(classed("plain")), set(), "words may change"),
    (classed("plain"), classed("patient"), set(), "stricter"),
    (classed("quasi"), classed("free_text"), set(), "stricter: free text may hold anything"),
    (classed(None), classed("plain"), set(), "a class where none was"),
    (classed("patient"), classed("quasi"), {Rule.PROTECTION_LOST}, "weaker"),
    (classed("patient"), classed("provider"), {Rule.PROTECTION_LOST}, "it guards somebody else now"),
    (classed("plain"), classed(None), {Rule.PROTECTION_LOST}, "no class at all"),
    (
        one("long"),
        event(field("a", "long"), field("b", "long", default=True)),
        {Rule.EDITED},
        "it might follow, but as a new version: these bytes have an id",
    ),
    (one(XY), one(enum("E", "y", "x")), {Rule.EDITED}, "the order of symbols decides about bytes"),
]


@pytest.mark.parametrize(("released", "current", "rules", "remark"), AMENDMENTS, ids=[row[3] for row in AMENDMENTS])
def test_a_released_file_changes_in_words_and_towards_more_protection_only(
    released: Schema, current: Schema, rules: set[Rule], remark: str
) -> None:
    assert {fault.kind for fault in amends(current, released)} == rules, remark


def test_a_new_version_may_lower_protection() -> None:
    assert follows(classed("quasi"), [classed("patient")]) == []


@pytest.mark.parametrize("judge", [lambda new, old: follows(new, [old]), amends], ids=["follows", "amends"])
def test_faults_hold_no_direction_where_every_record_stays_readable(
    judge: Callable[[Schema, Schema], list[Fault]],
) -> None:
    old, new = event(field("a", "long", default=True)), event(field("b", "long", default=True))
    assert {fault.fails for fault in judge(new, old)} == {()}
