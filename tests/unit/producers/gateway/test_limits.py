"""The limits: seconds for a body, memory for all bodies, tokens of each key."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from producers.gateway.bodies import received
from producers.gateway.limits import MAX_LINES, Bodies, Full, Rates
from producers.gateway.problems import Kind, Refused


def request(*messages: dict[str, Any]) -> Request:
    """A request whose body comes in these pieces, and then no more."""
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


def piece(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def read(asked: Request, bodies: Bodies, seconds: float = 5) -> bytes:
    with bodies.room() as room:
        return asyncio.run(received(asked, room, seconds=seconds))


def test_a_body_in_pieces_is_put_together() -> None:
    assert read(request(piece(b"ab", more=True), piece(b"c", more=False)), Bodies()) == b"abc"


ENDS = [
    (request(piece(b"a", more=True)), Bodies(), Kind.TOO_SLOW, "a body that stops half way"),
    (request(piece(b"a", more=True), {"type": "http.disconnect"}), Bodies(), Kind.MALFORMED, "a client that went away"),
]


@pytest.mark.parametrize(("asked", "bodies", "kind"), [row[:3] for row in ENDS], ids=[row[3] for row in ENDS])
def test_a_body_that_does_not_come_whole_is_told(asked: Request, bodies: Bodies, kind: Kind) -> None:
    with pytest.raises(Refused) as refused:
        read(asked, bodies, seconds=0.05)
    assert refused.value.kind is kind
    assert bodies.held == 0, "its memory is given back"


def test_a_body_for_which_no_memory_is_left_is_not_read_on() -> None:
    bodies = Bodies(most=2)
    with pytest.raises(Full):
        read(request(piece(b"ab", more=True), piece(b"c", more=False)), bodies)
    assert bodies.held == 0


def test_bodies_share_one_memory() -> None:
    bodies = Bodies(most=10)
    with bodies.room() as one, bodies.room() as other:
        one.take(6)
        with pytest.raises(Full):
            other.take(5)
        other.take(4)
    assert bodies.held == 0


def test_tokens_come_back_with_time_and_never_pile_up() -> None:
    now = 100.0
    rates = Rates(2_000.0, lambda: now)
    assert rates.wait("key", 20_000) == 0
    assert rates.wait("key", 1_000) == 0.5
    assert rates.wait("other", 20_000) == 0
    now += 0.5
    assert rates.wait("key", 1_000) == 0
    now += 1_000
    assert rates.wait("key", 20_000) == 0
    assert rates.wait("key", 1) > 0


def test_the_largest_batch_passes_at_the_smallest_rate() -> None:
    assert Rates(0.001, lambda: 0.0).wait("key", MAX_LINES) == 0
