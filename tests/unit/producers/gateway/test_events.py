"""POST /v1/events: 202 for what is on disk, each line's result, the same answer to the same key, and no value in any answer."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from producers.gateway import limits
from producers.gateway.keys import Scope
from producers.outbox import State
from tests.support.gateways import NDJSON, OTHER_ARRANGEMENT, OTHER_PROVIDER, Gateway, bearer, gateway

GOOD = b'{"event_id": "evt-1", "report_type": "incident"}'
NAME = "Quartermain"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Gateway]:
    with gateway(tmp_path) as made:
        yield made


def post(door: Gateway, body: bytes, key: str = "", **headers: str) -> Any:
    """Posts, with a new key unless one is given; the answer never repeats the invented name."""
    headers = {"Content-Type": "application/json", **headers}
    answer = door.client.post("/v1/events", content=body, headers=bearer(key or door.key()[0], **headers))
    assert NAME not in answer.text + str(answer.headers) + "".join(door.log)
    return answer


def lines(door: Gateway, body: bytes, key: str = "", **headers: str) -> Any:
    """Posts a batch."""
    return post(door, body, key, **{"Content-Type": NDJSON, **headers})


def told(answer: Any) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["code"]


def test_one_event_is_on_disk_when_it_is_answered(door: Gateway) -> None:
    answer = post(door, b'{\n "event_id": "evt-1",\n "report_type": "incident"\n}')
    assert answer.status_code == 202
    (result,) = answer.json()["results"]
    assert (result["line"], result["outcome"]) == (1, "captured")
    with door.outbox() as outbox:
        fate = outbox.fate("prv-8f3k2m|evt-1", 1)
        assert fate
        assert fate.state is State.CAPTURED


def test_a_batch_takes_the_good_lines_and_tells_place_and_reason_of_the_others(door: Gateway) -> None:
    bad = b'{"event_id": "evt-2", "report_type": "incident", "harm": "%s"}' % NAME.encode()
    answer = lines(door, GOOD + b"\n" + bad + b'\n{"unit": "\xff"}\n' + GOOD.replace(b"evt-1", b"evt-3"))
    assert answer.status_code == 202
    said = answer.json()
    assert (said["captured"], said["known"], said["refused"]) == (2, 0, 2)
    assert [(one["line"], one["outcome"], one.get("path"), one.get("reason")) for one in said["results"]] == [
        (1, "captured", None, None),
        (2, "refused", "harm", "not_allowed"),
        (3, "refused", "", "bad_utf8"),
        (4, "captured", None, None),
    ]


def test_a_request_without_any_valid_event_is_refused_whole(door: Gateway) -> None:
    answer = post(door, b'{"report_type": "%s"}' % NAME.encode())
    assert told(answer) == (422, "invalid_events")
    assert answer.json()["errors"][0]["path"] == "report_type"


def test_the_same_event_has_the_same_receipt_under_every_key(door: Gateway) -> None:
    first = post(door, GOOD, Idempotency_Key="a").json()["results"][0]
    again = post(door, GOOD, Idempotency_Key="b").json()["results"][0]
    assert (first["receipt"], again["outcome"]) == (again["receipt"], "known")


def test_a_repeated_idempotency_key_is_answered_by_the_same_bytes(door: Gateway) -> None:
    first = lines(door, GOOD, Idempotency_Key="k-1")
    again = lines(door, GOOD, Idempotency_Key="k-1")
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers


def test_an_idempotency_key_is_not_for_another_body(door: Gateway) -> None:
    post(door, GOOD, Idempotency_Key="k-1")
    assert told(post(door, GOOD + b" ", Idempotency_Key="k-1")) == (422, "idempotency_key_reused")


def test_an_idempotency_key_of_one_provider_says_nothing_to_another(door: Gateway) -> None:
    post(door, GOOD, Idempotency_Key="k-1")
    other = door.key(OTHER_PROVIDER, OTHER_ARRANGEMENT)[0]
    answer = post(door, GOOD.replace(b"evt-1", b"evt-9"), other, Idempotency_Key="k-1")
    assert answer.json()["captured"] == 1


def test_the_key_says_whose_event_it_is(door: Gateway) -> None:
    answer = post(door, b'{"report_type": "incident", "provider": "prv-q0z7hh"}')
    assert told(answer) == (422, "invalid_events")
    assert answer.json()["errors"][0]["reason"] == "provider_mismatch"


def test_changed_content_needs_a_new_revision(door: Gateway) -> None:
    post(door, GOOD)
    answer = post(door, GOOD.replace(b"incident", b"near_miss"))
    assert answer.json()["errors"][0]["reason"] == "revision_taken"
    answer = post(door, GOOD[:-1] + b', "revision": 2, "action": "correct"}')
    assert answer.json()["captured"] == 1


def test_gzip_is_unpacked_also_when_files_are_joined(door: Gateway) -> None:
    packed = gzip.compress(GOOD + b"\n") + gzip.compress(GOOD.replace(b"evt-1", b"evt-2"))
    assert lines(door, packed, Content_Encoding="gzip").json()["captured"] == 2


BAD_BODIES: list[tuple[str, bytes, dict[str, str], tuple[int, str], str]] = [
    ("a gzip that is none", b"nothing", {"Content-Encoding": "gzip"}, (400, "malformed"), NDJSON),
    ("a gzip cut short", gzip.compress(GOOD)[:-9], {"Content-Encoding": "gzip"}, (400, "malformed"), NDJSON),
    ("a bomb", gzip.compress(bytes(limits.MAX_UNPACKED_BYTES + 1)), {"Content-Encoding": "gzip"}, (413, "too_large"), NDJSON),
    ("a million empty gzips", gzip.compress(b"") * 200, {"Content-Encoding": "gzip"}, (413, "too_large"), NDJSON),
    ("another encoding", GOOD, {"Content-Encoding": "br"}, (415, "unsupported_media_type"), NDJSON),
    ("another type", GOOD, {}, (415, "unsupported_media_type"), "text/csv"),
    ("too many lines", b"{}\n" * (limits.MAX_LINES + 1), {}, (413, "too_large"), NDJSON),
    ("an empty batch", b"\n\n", {}, (400, "malformed"), NDJSON),
    ("no JSON", b"Quartermain", {}, (422, "invalid_events"), "application/json"),
    ("an empty body", b"", {}, (422, "invalid_events"), "application/json"),
    ("a list", b"[]", {}, (422, "invalid_events"), "application/json"),
    ("brackets without end", b"[" * 100_000, {}, (422, "invalid_events"), "application/json"),
    ("deep objects", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, {}, (422, "invalid_events"), "application/json"),
    ("a NUL", b'{"report_type": "incident", "unit": "Quartermain\\u0000"}', {}, (422, "invalid_events"), "application/json"),
    ("bad UTF-8", b'{"report_type": "incident", "unit": "\xff"}', {}, (422, "invalid_events"), "application/json"),
    ("an event of over a megabyte", b" " * 1_048_577 + GOOD, {}, (422, "invalid_events"), "application/json"),
    ("a key of blanks", GOOD, {"Idempotency-Key": "a b"}, (400, "malformed"), "application/json"),
    ("a key too long", GOOD, {"Idempotency-Key": "a" * 129}, (400, "malformed"), "application/json"),
]


@pytest.mark.parametrize(
    ("body", "headers", "expected", "kind"), [row[1:] for row in BAD_BODIES], ids=[r[0] for r in BAD_BODIES]
)
def test_bad_bodies_are_told_clearly(
    door: Gateway, body: bytes, headers: dict[str, str], expected: tuple[int, str], kind: str
) -> None:
    assert told(post(door, body, **{"Content-Type": kind, **headers})) == expected
    with door.outbox() as outbox:
        assert not outbox.waiting(0)


def test_a_body_over_the_limit_is_refused_by_its_length_and_by_its_bytes(door: Gateway) -> None:
    assert told(post(door, b" " * (limits.MAX_BODY_BYTES + 1))) == (413, "too_large")

    def chunks() -> Iterator[bytes]:
        for _ in range(limits.MAX_BODY_BYTES // 65_536 + 1):
            yield b" " * 65_536

    headers = bearer(door.key()[0], **{"Content-Type": "application/json"})
    assert told(door.client.post("/v1/events", content=chunks(), headers=headers)) == (413, "too_large")


WRONG_KEYS = ["", "psok_", "psok_000000000000_" + "0" * 64, NAME, "psok_" + "é" * 5]


@pytest.mark.parametrize("key", WRONG_KEYS)
def test_a_key_that_opens_nothing_is_refused_before_the_body_is_read(door: Gateway, key: str) -> None:
    headers = {b"Authorization": f"Bearer {key}".encode(), b"Content-Type": b"text/nothing"}
    answer = door.client.post("/v1/events", content=GOOD, headers=headers)
    assert told(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_is_only_for_its_scopes(door: Gateway) -> None:
    follower = door.key(scopes=frozenset({Scope.FOLLOW}))[0]
    assert told(post(door, GOOD, follower)) == (403, "out_of_scope")


def test_a_key_that_sends_too_much_must_wait_and_the_others_need_not(tmp_path: Path) -> None:
    with gateway(tmp_path, events_per_second=1) as door:
        busy, calm = door.key()[0], door.key(OTHER_PROVIDER, OTHER_ARRANGEMENT)[0]
        batch = b"\n".join(b'{"event_id": "evt-%d", "report_type": "incident"}' % n for n in range(limits.MAX_LINES))
        assert lines(door, batch, busy).json()["captured"] == limits.MAX_LINES
        answer = lines(door, batch, busy)
        assert told(answer) == (429, "too_many")
        assert int(answer.headers["retry-after"]) >= 1
        assert post(door, GOOD, calm).status_code == 202


def test_nothing_is_taken_when_the_disk_is_nearly_full(tmp_path: Path) -> None:
    with gateway(tmp_path, free=2**60) as door:
        assert told(post(door, GOOD)) == (507, "storage_full")
        assert door.client.get("/readyz").status_code == 503
        assert door.client.get("/livez").status_code == 200


def test_an_address_or_method_that_is_not_there_is_a_problem_too(door: Gateway) -> None:
    assert told(door.client.get(f"/{NAME}")) == (404, "not_found")
    answer = door.client.put("/v1/events")
    assert told(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_the_log_and_the_metrics_hold_routes_and_numbers_only(door: Gateway) -> None:
    key = door.key()[0]
    receipt = post(door, GOOD, key).json()["results"][0]["receipt"]
    door.client.get(f"/v1/receipts/{receipt}?name={NAME}", headers=bearer(key))
    door.client.request(NAME.upper(), "/livez")
    entries: list[dict[str, Any]] = [json.loads(line) for line in door.log]
    assert [(one["method"], one["route"]) for one in entries] == [
        ("POST", "/v1/events"), ("GET", "/v1/receipts/{receipt}"), ("other", "/livez"),
    ]  # fmt: skip
    shown = "".join(door.log) + str([list(family.samples) for family in door.registry.collect()])
    for secret in (key, receipt, NAME, NAME.upper(), "prv-8f3k2m", "arr-7k2q"):
        assert secret not in shown


def test_a_mistake_of_ours_is_answered_and_told_without_its_words(door: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise KeyError(NAME)

    monkeypatch.setattr(door.desk.intake, "take", fail)
    answer = post(door, GOOD)
    assert told(answer) == (500, "internal")
    assert json.loads(door.log[0])["mistake"] == "KeyError"
