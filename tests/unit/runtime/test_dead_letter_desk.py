"""Dead letters for people: what is chosen, what is told, what goes back."""

import pytest

from schemas.headers import Death, Position
from stream_processors.runtime.dead_letter_desk import Choice, DeadLetter, counted
from stream_processors.runtime.dead_letters import dead_letter
from stream_processors.runtime.messages import Incoming

ORIGINAL = Incoming("pso-events-nonidentified", 2, 40, 1, b"key", b"\x00value", [("pso-grade", b"P2")])


def letter(reason: str = "not_avro", step: str = "sink-nonidentified-events", offset: int = 7) -> DeadLetter:
    outgoing = dead_letter(ORIGINAL, step, reason, "categories[0]")
    lying = Incoming(outgoing.topic, 2, offset, outgoing.timestamp or 0, outgoing.key, outgoing.value, outgoing.headers)
    death = Death.of(lying.headers)
    assert death is not None
    return DeadLetter(lying, death)


def test_what_goes_back_is_the_original_byte_for_byte_with_its_time() -> None:
    back = letter().returned()
    assert (back.topic, back.partition, back.key, back.value) == ("pso-events-nonidentified", 2, b"key", b"\x00value")
    assert back.headers == ORIGINAL.headers
    assert back.timestamp == ORIGINAL.timestamp, "the broker's clock would be a date element in P2"


def test_what_is_told_holds_codes_and_places_and_no_value() -> None:
    told = letter().described()
    assert (told["reason"], told["path"], told["origin"]) == ("not_avro", "categories[0]", "pso-events-nonidentified:2:40")
    assert (told["value_bytes"], told["headers"]) == (6, ["pso-grade"])
    assert "value'" not in str(told)


@pytest.mark.parametrize(
    ("choice", "taken", "remark"),
    [
        (Choice(), True, "everything"),
        (Choice(reason="not_avro"), True, "its reason"),
        (Choice(reason="empty"), False, "another reason"),
        (Choice(step="validate"), False, "another step"),
        (Choice(position=str(Position("pso-events-nonidentified-dead", 2, 7))), True, "its place"),
        (Choice(reason="not_avro", position="pso-events-nonidentified-dead:2:8"), False, "its reason at another place"),
    ],
)
def test_a_choice_takes_what_it_names(choice: Choice, taken: bool, remark: str) -> None:
    assert choice.takes(letter()) is taken, remark


def test_letters_are_counted_by_reason() -> None:
    assert counted([letter(), letter("empty"), letter()]) == {"empty": 1, "not_avro": 2}


def test_where_a_dead_letter_came_from_survives_a_topic_with_colons_in_its_place() -> None:
    assert Position.parse("a:b:3:4") == Position("a:b", 3, 4)
