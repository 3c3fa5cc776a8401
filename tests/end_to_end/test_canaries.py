"""No planted identifier leaves: not in a less protected topic or table, not in a header, a log line or a metric."""

import base64
import dataclasses
import json
import secrets
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from schemas.headers import Death
from schemas.topics import EVENTS_ANONYMIZED, EVENTS_NONIDENTIFIED, submitted
from tests.end_to_end.conftest import NAMESPACE, System
from tests.support.builders import crowded_event
from tests.support.kafka import read_all

PROVIDER, ARRANGEMENT = "prv-q0z7hh", "arr-m9d0"


@dataclasses.dataclass(frozen=True)
class Planted:
    """Canaries: unique tokens that stand where identifiers stand, in the record and in its narrative."""

    tokens: tuple[str, ...]

    def found_in(self, haystack: bytes) -> list[str]:
        """Tokens that are there in any of six encodings."""
        lower = haystack.lower()
        return [token for token in self.tokens if any(form.lower() in lower for form in _encodings(token))]


def _encodings(token: str) -> Iterator[bytes]:
    plain = token.encode()
    yield plain
    yield base64.b64encode(plain).rstrip(b"=")
    yield plain.hex().encode()
    yield urllib.parse.quote(token, safe="").encode()
    yield token.encode("utf-16-le")
    yield token.upper().encode()


@pytest.fixture(scope="module")
def planted(system: System) -> Planted:
    """Send an event whose every identifying field is a canary, one that is refused, and bytes that are no record."""
    name = {
        field: "Zq" + "".join(secrets.choice("bcdfghjkmnprtvwxz") for _ in range(8))  # letters: with digits it is a code
        for field in ("patient", "reporter", "clinician", "facility", "unit", "street", "system")
    }
    number = {field: f"77{secrets.randbelow(10**7):07d}" for field in ("mrn", "account", "license", "external")}
    event_id = f"evt-{secrets.token_hex(6)}"
    event = _event(event_id, name, number)
    system.send(PROVIDER, ARRANGEMENT, [event], "canaries")
    refused = event | {"event_id": f"{event_id}-refused", "discovery_date": "2020-01-01"}
    system.send(PROVIDER, ARRANGEMENT, [refused], "refused")
    system.put_raw(submitted(ARRANGEMENT).name, [json.dumps(event).encode()])
    subject = f"{PROVIDER}|{event_id}"
    for schema, grade in (("anonymized", "P1"), ("nonidentified", "P2")):
        system.await_rows(
            f"select 1 from {schema}.event_revisions r join vault.surrogates s on s.surrogate = r.event"
            " where s.grade = %s and s.subject = %s",
            grade,
            subject,
        )
    system.await_rows(
        "select 1 from protected.dead_letters where died_topic = %s", NAMESPACE + submitted(ARRANGEMENT).name, count=2
    )
    return Planted((*name.values(), *number.values(), event_id))


def _event(event_id: str, name: dict[str, str], number: dict[str, str]) -> dict[str, Any]:
    event: dict[str, Any] = msgspec.to_builtins(crowded_event(event_id=event_id, provider=PROVIDER))
    event["patient"] |= {
        "given": "Ann",
        "family": name["patient"],
        "medical_record_number": number["mrn"],
        "account_number": number["account"],
    }
    event["patient"] |= {"street": f"12 {name['street']} Lane"}
    event["reporter"] |= {"given": "Bea", "family": name["reporter"]}
    event["providers"] = [{"given": "Cal", "family": name["clinician"], "license_number": number["license"]}]
    event["facility"] |= {"name": f"{name['facility']} Hospital", "abbreviation": None}
    event["unit"] = name["unit"]
    event["external_ids"] = [{"system": name["system"], "value": number["external"]}]
    event["source"] = {"system": name["system"], "format": "jsonl"}
    text = (
        f"{name['patient']}, MRN {number['mrn']}, fell on {name['unit']} at {name['facility']} Hospital. "
        f"Dr. {name['clinician']} was told by {name['reporter']}; lives at 12 {name['street']} Lane; "
        f"see {name['system']} {number['external']}."
    )
    event["narratives"] = [{"kind": "description", "text": text}]
    return event


@pytest.mark.parametrize("topic", [EVENTS_ANONYMIZED, EVENTS_NONIDENTIFIED], ids=lambda topic: topic.name)
def test_no_canary_is_in_a_disclosed_topic(system: System, planted: Planted, topic: Any) -> None:
    records = read_all(system.bootstrap, NAMESPACE + topic.name)
    assert records
    for record in records:
        headers = b"".join(key.encode() + value for key, value in record.headers)
        assert planted.found_in((record.key or b"") + b"\n" + (record.value or b"") + b"\n" + headers) == []


@pytest.mark.parametrize("schema", ["anonymized", "nonidentified"])
def test_no_canary_is_in_a_disclosed_table(system: System, planted: Planted, schema: str) -> None:
    rows = system.rows(f"select r::text from {schema}.event_revisions r")
    assert rows
    assert planted.found_in("\n".join(row[0] for row in rows).encode()) == []


def test_the_narrative_left_and_still_says_what_happened(system: System, planted: Planted) -> None:
    rows = system.rows("select record -> 'narratives' -> 0 ->> 'text' from nonidentified.event_revisions")
    assert any(text and "fell on" in text and "[NAME-1]" in text for (text,) in rows)


def test_no_canary_is_in_a_log_line(system: System, planted: Planted) -> None:
    logs = system.logs()
    assert "pso.health" in logs
    assert planted.found_in(logs.encode()) == []


def test_no_canary_no_provider_and_no_entry_topic_is_in_a_metric(system: System, planted: Planted) -> None:
    for service in system.services.values():
        with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/metrics", timeout=5) as answer:
            page = answer.read()
        assert b"pso_build_info" in page
        assert planted.found_in(page) == []
        assert not any(word in page for word in (b"prv-", b"arr-", b"pso-events-submitted"))


def test_no_canary_is_in_what_a_dead_letter_says_about_itself(system: System, planted: Planted) -> None:
    letters = read_all(system.bootstrap, NAMESPACE + submitted(ARRANGEMENT).dead_letters.name)
    deaths = [Death.of(letter.headers) for letter in letters]
    assert len(deaths) >= 2
    assert planted.found_in(repr(deaths).encode()) == []
    rows = system.rows("select d::text from protected.dead_letters d")
    assert planted.found_in("\n".join(row[0] for row in rows).encode()) == []


def test_what_the_commands_say_about_dead_letters_holds_no_canary(system: System, planted: Planted) -> None:
    done = system.run("pso", "dead-letters", "list", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["count"] >= 2
    assert planted.found_in((done.stdout + done.stderr).encode()) == []


def test_the_surrogates_of_two_grades_cannot_be_joined(system: System, planted: Planted) -> None:
    for kind in ("event", "contributor"):
        rows = system.rows("select grade, surrogate from vault.surrogates where kind = %s", kind)
        assert len({surrogate for _, surrogate in rows}) == len(rows)
