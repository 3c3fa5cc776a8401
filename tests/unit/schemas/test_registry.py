"""The catalogue from a registry, against confluent-kafka's own in-memory registry client."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from confluent_kafka.schema_registry import Schema

from schemas import topics
from schemas.catalogue import Catalogue, bundled
from schemas.codec import Codec
from schemas.records import ClassifiedEvent, Contribution, SafetyEvent, Signal
from schemas.registry import RegistryRefused, RegistryUnavailable, catalogue_of, connect, from_registry, register, subject_of
from schemas.taxonomy import Action, ReportType

BUNDLED = bundled()
ENTRY = topics.submitted("arr-7k2q")
LIVE = (ENTRY, *topics.INTERNAL)
EVENT = SafetyEvent("E1", 1, Action.REPORT, "prv-8f3k2m", ReportType.INCIDENT)


@pytest.fixture
def client() -> Any:
    return connect({"url": "mock://registry"})


def put(client: Any, topic: topics.Topic, schema: Any) -> int:
    return int(client.register_schema(subject_of(topic), Schema(json.dumps(schema), "AVRO")))


def test_after_registering_every_record_has_the_registrys_id(client: Any) -> None:
    put(client, topics.SIGNALS_RAISED, BUNDLED.schema(BUNDLED.ids[Signal]))  # so that its numbers are not ours
    done = dict(register(client, LIVE, BUNDLED))
    found = catalogue_of(client, LIVE, BUNDLED)
    assert found.ids == {topic.record: done[subject_of(topic)] for topic in LIVE}
    assert found.ids[SafetyEvent] != BUNDLED.ids[SafetyEvent]


def test_the_codec_writes_and_reads_the_registrys_ids(client: Any) -> None:
    put(client, topics.SIGNALS_RAISED, BUNDLED.schema(BUNDLED.ids[Signal]))
    register(client, LIVE, BUNDLED)
    catalogue = catalogue_of(client, LIVE, BUNDLED)
    octets = Codec(catalogue).encode(EVENT)
    assert int.from_bytes(octets[1:5], "big") == catalogue.ids[SafetyEvent]
    assert Codec(catalogue).decode(octets, SafetyEvent) == EVENT
    assert octets[5:] == Codec(BUNDLED).encode(EVENT)[5:]


def test_two_entry_topics_with_two_ids_are_both_readable(client: Any) -> None:
    entries = [ENTRY, topics.submitted("arr-9m4x")]
    ids = {number for _, number in register(client, entries, BUNDLED)}
    found = catalogue_of(client, entries, BUNDLED)
    assert set(found.readable) == ids
    assert found.ids[SafetyEvent] == min(ids)


def test_registering_again_changes_nothing(client: Any) -> None:
    assert register(client, LIVE, BUNDLED) == register(client, LIVE, BUNDLED)


def test_subjects_carry_the_namespace(client: Any) -> None:
    done = register(client, [ENTRY], BUNDLED, "run-1-")
    assert [subject for subject, _ in done] == ["run-1-pso-events-submitted-arr-7k2q-value"]
    assert catalogue_of(client, [ENTRY], BUNDLED, "run-1-").ids.keys() == {SafetyEvent}
    with pytest.raises(RegistryRefused, match="has no subject pso-events"):
        catalogue_of(client, [ENTRY], BUNDLED)


def test_a_schema_that_differs_in_words_only_is_the_bundled_one(client: Any) -> None:
    worded = {**BUNDLED.schema(BUNDLED.ids[Contribution]), "doc": "Said in other words."}
    number = put(client, topics.CONTRIBUTIONS, worded)
    assert catalogue_of(client, [topics.CONTRIBUTIONS], BUNDLED).ids == {Contribution: number}


def test_a_schema_with_other_bytes_is_refused_in_one_line(client: Any) -> None:
    schema = BUNDLED.schema(BUNDLED.ids[Contribution])
    put(client, topics.CONTRIBUTIONS, {**schema, "fields": schema["fields"][::-1]})
    with pytest.raises(RegistryRefused, match="pso-contributions-value holds no schema") as refusal:
        catalogue_of(client, [topics.CONTRIBUTIONS], BUNDLED)
    assert "\n" not in str(refusal.value)


def test_a_version_of_a_later_release_beside_ours_does_not_matter(client: Any) -> None:
    schema = BUNDLED.schema(BUNDLED.ids[ClassifiedEvent])
    ours = put(client, topics.EVENTS_CLASSIFIED, schema)
    later = {**schema, "fields": [*schema["fields"], {"name": "later", "type": "long", "default": 0}]}
    put(client, topics.EVENTS_CLASSIFIED, later)
    found = catalogue_of(client, [topics.EVENTS_CLASSIFIED], BUNDLED)
    assert (found.ids, set(found.readable)) == ({ClassifiedEvent: ours}, {ours})


def test_a_release_writes_its_newest_version_and_reads_the_older_ones(client: Any) -> None:
    first = BUNDLED.schema(BUNDLED.ids[Contribution])
    second = {**first, "fields": [*first["fields"], {"name": "later", "type": "long", "default": 0}]}
    ours = Catalogue({Contribution: 9}, {6: Contribution, 9: Contribution}, {6: first, 9: second})
    old = put(client, topics.CONTRIBUTIONS, first)
    with pytest.raises(RegistryRefused, match="holds no schema"):
        catalogue_of(client, [topics.CONTRIBUTIONS], ours)
    (_, kept), (_, new) = register(client, [topics.CONTRIBUTIONS], ours)
    found = catalogue_of(client, [topics.CONTRIBUTIONS], ours)
    assert kept == old
    assert (found.ids, dict(found.readable)) == ({Contribution: new}, {old: Contribution, new: Contribution})
    assert (found.schema(old), found.schema(new)) == (first, second)


def test_dead_letters_have_no_subject() -> None:
    with pytest.raises(ValueError, match="has no subject"):
        subject_of(topics.CONTRIBUTIONS.dead_letters)
    every = topics.all_topics(["arr-7k2q"])
    versions = list(BUNDLED.readable.values())
    assert len(register(connect({"url": "mock://registry"}), every, BUNDLED)) == sum(versions.count(t.record) for t in LIVE)


class _Registry(BaseHTTPRequestHandler):
    """A registry that holds nothing and takes nothing."""

    refusal: ClassVar[tuple[int, int]] = (409, 409)

    def do_GET(self) -> None:
        self._answer(404, 40401)

    def do_POST(self) -> None:
        self._answer(*self.refusal)

    def _answer(self, status: int, code: int) -> None:
        body = json.dumps({"error_code": code, "message": "a message that may quote anything"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def registry() -> Iterator[str]:
    """The address of such a registry."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_http_a_subject_that_is_not_there_is_refused_and_says_what_to_run(registry: str) -> None:
    with pytest.raises(RegistryRefused, match="run `pso schemas register`"):
        from_registry(registry, LIVE)


def test_over_http_a_schema_that_the_registry_refuses_is_one_line_with_its_codes(registry: str) -> None:
    with pytest.raises(RegistryRefused, match="with status 409, code 409") as refusal:
        register(connect({"url": registry}), [ENTRY], BUNDLED)
    assert "quote" not in str(refusal.value)


def test_over_http_a_registry_that_fails_is_unavailable(registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Registry, "refusal", (500, 50001))
    with pytest.raises(RegistryUnavailable, match="fails with status 500"):
        register(connect({"url": registry, "max.retries": 0}), [ENTRY], BUNDLED)


def test_a_registry_that_does_not_answer_is_unavailable_not_wrong() -> None:
    with socket.socket() as taken:  # bound and not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(RegistryUnavailable, match="does not answer"):
            from_registry(f"http://127.0.0.1:{taken.getsockname()[1]}", LIVE)
