"""GET /v1/receipts/{id}: an event followed to its end, by nobody but its provider."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.gateway.fates import NOT_ASKED, UNDER_WAY, UNKNOWN, End, Question
from producers.gateway.keys import Scope
from producers.outbox import Receipt, Refusal
from tests.support.gateways import OTHER_ARRANGEMENT, OTHER_PROVIDER, Gateway, bearer, gateway

EVENT = {"event_id": "evt-1", "report_type": "incident"}
AT = Receipt(1, "pso-events", 3, 41, 1_772_366_400_000)


async def told_by_the_pso(question: Question) -> End:
    """A PSO that knows of some places."""
    assert (question.provider, question.event_id, question.revision) == ("prv-8f3k2m", "evt-1", 1)
    ends = {
        37: End("quarantined", "quarantined", "narratives[0]"),
        38: NOT_ASKED,
        39: UNKNOWN,
        40: UNDER_WAY,
        41: End("dead_letter", "out_of_scope", "report_type"),
        42: End("in_warehouse"),
    }
    return ends[question.place.offset]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Gateway]:
    with gateway(tmp_path, beyond=told_by_the_pso) as made:
        yield made


def posted(door: Gateway, key: str) -> str:
    answer = door.client.post("/v1/events", json=EVENT, headers=bearer(key))
    return str(answer.json()["results"][0]["receipt"])


def test_an_event_waits_until_the_broker_has_it(door: Gateway) -> None:
    key = door.key()[0]
    receipt = posted(door, key)
    said = door.client.get(f"/v1/receipts/{receipt}", headers=bearer(key)).json()
    assert said == {
        "receipt": receipt, "event_id": "evt-1", "revision": 1, "state": "waiting", "entered_at": "2026-03-01T12:00:00.000000Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("offset", "state", "further"),
    [
        (37, "quarantined", {"reason": "quarantined", "path": "narratives[0]"}),
        (38, "sent", {"beyond": "not_asked"}),
        (39, "sent", {"beyond": "unknown"}),
        (40, "sent", {"beyond": "under_way"}),
        (41, "dead_letter", {"reason": "out_of_scope", "path": "report_type"}),
        (42, "in_warehouse", {}),
    ],
    ids=["withheld", "nobody is asked", "the PSO does not answer", "it has nothing yet", "it refused it", "it has it"],
)
def test_a_sent_event_has_its_place_and_the_end_that_the_pso_tells(
    door: Gateway, offset: int, state: str, further: dict[str, str]
) -> None:
    key = door.key()[0]
    receipt = posted(door, key)
    with door.outbox() as outbox:
        outbox.settle([Receipt(1, AT.topic, AT.partition, offset, AT.timestamp)], [])
    said = door.client.get(f"/v1/receipts/{receipt}", headers=bearer(key)).json()
    assert said["state"] == state
    assert {name: said[name] for name in ("reason", "path", "beyond") if name in said} == further
    assert said["sent"] == {"topic": "pso-events", "partition": 3, "offset": offset, "timestamp": 1_772_366_400_000}


def test_an_event_that_the_broker_refuses_says_why(door: Gateway) -> None:
    key = door.key()[0]
    receipt = posted(door, key)
    with door.outbox() as outbox:
        outbox.settle([], [Refusal(1, "MSG_SIZE_TOO_LARGE")])
    said = door.client.get(f"/v1/receipts/{receipt}", headers=bearer(key)).json()
    assert (said["state"], said["reason"]) == ("refused", "MSG_SIZE_TOO_LARGE")


def test_a_foreign_receipt_and_one_that_nobody_has_are_answered_alike(door: Gateway) -> None:
    receipt = posted(door, door.key()[0])
    other = door.key(OTHER_PROVIDER, OTHER_ARRANGEMENT)[0]
    foreign = door.client.get(f"/v1/receipts/{receipt}", headers=bearer(other))
    unknown = door.client.get("/v1/receipts/rcp_" + "0" * 32, headers=bearer(other))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_two_providers_under_one_arrangement_do_not_see_each_other(door: Gateway) -> None:
    receipt = posted(door, door.key()[0])
    neighbour = door.key(OTHER_PROVIDER)[0]
    assert door.client.get(f"/v1/receipts/{receipt}", headers=bearer(neighbour)).status_code == 404
    assert posted(door, neighbour) != receipt


def test_following_needs_its_scope(door: Gateway) -> None:
    receipt = posted(door, door.key()[0])
    sender = door.key(scopes=frozenset({Scope.SEND}))[0]
    assert door.client.get(f"/v1/receipts/{receipt}", headers=bearer(sender)).status_code == 403


def test_receipts_are_not_sequential(door: Gateway) -> None:
    key = door.key()[0]
    numbers = []
    for number in range(20):
        answer = door.client.post("/v1/events", json={**EVENT, "event_id": f"evt-{number}"}, headers=bearer(key))
        numbers.append(int(answer.json()["results"][0]["receipt"][4:], 16))
    assert len(set(numbers)) == 20
    assert numbers != sorted(numbers)
