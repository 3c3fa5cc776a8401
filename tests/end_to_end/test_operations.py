"""What operators do and what goes wrong for them: one line that says what to do, the right exit code, nothing lost."""

import json
import urllib.request
from pathlib import Path

import pytest

from deploy.demo.running import Service
from schemas.topics import EVENTS_CLASSIFIED, submitted
from tests.end_to_end.conftest import NAMESPACE, System
from tests.support.deadline import eventually
from tests.support.kafka import read_all

PROVIDER, ARRANGEMENT = "prv-8f3k2m", "arr-7k2q"


def event(event_id: str, **changes: object) -> dict[str, object]:
    return {
        "event_id": event_id,
        "revision": 1,
        "action": "report",
        "provider": PROVIDER,
        "report_type": "incident",
        "categories": ["fall"],
        "harm": "mild",
        "event_date": "2024-05-16",
        "report_date": "2024-05-17",
        **changes,
    }


def page(service: Service, name: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/{name}", timeout=5) as answer:
        text: str = answer.read().decode()
    return text


def test_a_sent_event_is_a_row_in_every_table_and_counts_once_however_often_it_comes(system: System) -> None:
    told = event("ops-1", event_date="1999-07-01", report_date="2024-01-01")
    system.send(PROVIDER, ARRANGEMENT, [told, told], "twice")
    system.send(PROVIDER, ARRANGEMENT, [told | {"revision": 2, "action": "correct", "harm": "none"}], "corrected")
    query = "select harm, count, contributors from protected.cells where month = '1999-07'"
    eventually(lambda: system.rows(query) == [("none", 1, 1)], 60)
    system.send(PROVIDER, ARRANGEMENT, [told | {"revision": 3, "action": "withdraw"}], "withdrawn")
    eventually(lambda: system.rows(query) == [], 60)
    revisions = system.rows("select revision from protected.event_revisions where event_id = 'ops-1' order by 1")
    assert revisions == [(1,), (2,), (3,)]


def test_every_row_keeps_where_it_came_from(system: System) -> None:
    system.send(PROVIDER, ARRANGEMENT, [event("ops-origin")], "origin")
    columns = "origin_topic, origin_offset, topic, kafka_offset, policy_version"
    query = f"select {columns} from protected.event_revisions where event_id = %s"
    ((origin, offset, topic, at, version),) = system.await_rows(query, "ops-origin")
    assert (origin, topic, version) == (NAMESPACE + submitted(ARRANGEMENT).name, f"{NAMESPACE}pso-events-accepted", 3)
    assert min(offset, at) >= 0


def test_reconciliation_is_clean_and_notices_a_row_that_somebody_deleted(system: System) -> None:
    system.send(PROVIDER, ARRANGEMENT, [event("ops-lost")], "lost")
    system.await_rows("select 1 from protected.contributions where event_id = 'ops-lost'")
    eventually(lambda: system.run("pso", "reconcile", "--grace", "0").returncode == 0, 60, every=0.5)
    system.rows(
        "with gone as (delete from protected.event_revisions where event_id = 'ops-lost' returning *) select count(*) from gone"
    )
    done = system.run("pso", "reconcile", "--json", "--grace", "0")
    assert done.returncode == 3
    assert json.loads(done.stdout)["missing"] >= 1


def test_a_reconciliation_that_repeats_says_in_its_gauges_what_it_found(system: System, tmp_path: Path) -> None:
    watch = Service("reconcile", system.environment, tmp_path / "log", ("--every", "1", "--grace", "0"))

    def gauge(name: str) -> float:
        said = [line for line in page(watch, "metrics").splitlines() if line.startswith(f"pso_{name} ")]
        return float(said[0].split()[1])

    watch.start()
    try:
        watch.await_ready()
        eventually(lambda: gauge("reconciliation_timestamp_seconds") > 0, 60)
        missing = gauge("reconciliation_missing")  # another test may have lost a row before
        system.send(PROVIDER, ARRANGEMENT, [event("ops-gauge")], "gauge")
        for table in ("contributions", "event_revisions"):  # two sinks: one may be ahead
            system.await_rows(f"select 1 from protected.{table} where event_id = 'ops-gauge'")
        assert system.rows(
            "with gone as (delete from protected.contributions where event_id = 'ops-gauge' returning *)"
            ", lost as (delete from protected.event_revisions where event_id = 'ops-gauge' returning *)"
            " select (select count(*) from gone), (select count(*) from lost)"
        ) == [(1, 1)]
        eventually(lambda: gauge("reconciliation_missing") == missing + 1, 60)
        assert gauge("aggregate_mismatch_cells") >= 1
        assert gauge("reconciliation_extra") == 0
    finally:
        watch.stop()


def test_a_dead_letter_goes_back_byte_for_byte_after_a_dry_run(system: System) -> None:
    system.send(PROVIDER, ARRANGEMENT, [event("ops-dead", discovery_date="2001-01-01")], "dead")
    query = (
        "select topic || ':' || partition || ':' || kafka_offset from protected.dead_letters"
        " where reason = 'contradictory' and died_topic = %s"
    )
    ((position,), *_) = system.await_rows(query, NAMESPACE + submitted(ARRANGEMENT).name)
    shown = json.loads(system.run("pso", "dead-letters", "show", position).stdout)
    assert (shown["reason"], shown["step"]) == ("contradictory", "validate")
    entry = NAMESPACE + submitted(ARRANGEMENT).name
    before = read_all(system.bootstrap, entry)
    dry = system.run("pso", "dead-letters", "replay", "--position", position, "--json")
    assert json.loads(dry.stdout) == {"chosen": 1, "by_reason": {"contradictory": 1}, "sent": 0}
    assert len(read_all(system.bootstrap, entry)) == len(before)
    sent = system.run("pso", "dead-letters", "replay", "--position", position, "--yes")
    assert sent.returncode == 0, sent.stderr
    after = read_all(system.bootstrap, entry)
    original = next(r for r in before if str(r.position) == shown["origin"])
    returned = next(r for r in after if r.position not in {old.position for old in before})
    assert (returned.key, returned.value, returned.headers) == (original.key, original.value, original.headers)
    assert system.rows("select count(replayed_at) from protected.dead_letters") == [(1,)]


def test_the_topics_and_the_warehouse_verify(system: System) -> None:
    assert system.run("pso", "topics", "verify").returncode == 0
    assert system.run("pso", "warehouse", "verify").returncode == 0


@pytest.mark.parametrize("service", ["worker", "sink"])
def test_health_answers(system: System, service: str) -> None:
    for name in ("livez", "readyz", "metrics"):
        assert page(system.services[service], name)  # raises unless it is answered with 200


def test_the_worker_says_by_which_version_it_deidentifies_and_so_does_every_row(system: System) -> None:
    version = json.loads(system.run("pso", "config", "engine", "--json").stdout)
    with urllib.request.urlopen(f"http://127.0.0.1:{system.services['worker'].port}/metrics", timeout=5) as answer:
        assert f'engine="{version["engine"]}"' in answer.read().decode()
    system.send(PROVIDER, ARRANGEMENT, [event("ops-version")], "version")
    joined = "join vault.surrogates s on s.surrogate = r.event where s.subject = %s"
    query = f"select r.engine, r.manifest from {{}}.event_revisions r {joined}"
    for schema in ("anonymized", "nonidentified"):
        ((engine, manifest), *_) = system.await_rows(query.format(schema), f"{PROVIDER}|ops-version")
        assert (engine, manifest["code"], manifest["model"]) == (version["engine"], version["code"], version["model"])


def test_accept_to_row_freshness_is_measured(system: System) -> None:
    system.send(PROVIDER, ARRANGEMENT, [event("ops-fresh")], "fresh")
    system.await_rows("select 1 from protected.event_revisions where event_id = 'ops-fresh'")
    assert 'pso_accept_age_seconds_count{step="sink-event-revisions"}' in page(system.services["sink"], "metrics")


@pytest.mark.parametrize(
    ("words", "changed", "code", "told"),
    [
        (("pso", "worker"), {"PSO_PARTITIONS": "many"}, 2, "PSO_PARTITIONS must be a number"),
        (("pso", "worker"), {"PSO_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}, 4, "kafka"),
        (("pso", "worker"), {"PSO_NAMESPACE": "nobody-"}, 1, "pso topics create"),
        (("pso", "worker", "--only", "guess"), {}, 2, "there is no step guess"),
        (("pso", "sink"), {"PSO_NAMESPACE": "nobody-"}, 1, "pso topics create"),
        (("pso", "warehouse", "migrate"), {"PSO_DATABASE_URL": "postgresql://postgres@127.0.0.1:1/postgres"}, 4, "postgresql"),
        (("pso", "reconcile"), {"PSO_DATABASE_URL": "postgresql://postgres@127.0.0.1:1/postgres"}, 4, "postgresql"),
        (("pso", "topology"), {"PSO_ARRANGEMENTS_FILE": "/no/such/file"}, 2, "PSO_ARRANGEMENTS_FILE"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_the_right_exit_code(
    system: System, words: tuple[str, ...], changed: dict[str, str], code: int, told: str
) -> None:
    done = system.run(*words, **changed)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_database_password_is_said_without_the_password(system: System) -> None:
    wrong = system.database_url.replace(system.database_url.split(":")[2].split("@")[0], "sesame-1234")
    done = system.run("pso", "warehouse", "verify", PSO_DATABASE_URL=wrong)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "sesame-1234" not in done.stdout + done.stderr


def test_postgresql_away_makes_the_sink_wait_and_go_on(system: System, stack: object) -> None:
    sink: Service = system.services["sink"]
    postgres = stack.postgres  # type: ignore[attr-defined]
    postgres.kill()
    try:
        system.send(PROVIDER, ARRANGEMENT, [event("ops-outage")], "outage")
    finally:
        postgres.start()
    system.await_rows("select 1 from protected.event_revisions where event_id = 'ops-outage'")
    system.await_rows("select 1 from protected.contributions where event_id = 'ops-outage'")
    sink.check()


def test_a_worker_drains_on_sigterm_and_its_successor_goes_on(system: System) -> None:
    worker = system.services["worker"]
    worker.stop()
    system.send(PROVIDER, ARRANGEMENT, [event("ops-between")], "between")
    worker.start()
    system.await_rows("select 1 from protected.contributions where event_id = 'ops-between'")
    assert read_all(system.bootstrap, NAMESPACE + EVENTS_CLASSIFIED.name)


def test_a_quarantined_record_goes_on_without_its_words_and_the_decision_is_kept(system: System) -> None:
    long = [{"kind": "description", "text": "The alarm did not sound. " * 2_400}]  # longer than the engine vouches for
    provider, arrangement = "prv-q0z7hh", "arr-m9d0"
    system.send(provider, arrangement, [event("ops-long", provider=provider, narratives=long)], "long")
    query = (
        "select d.topic || ':' || d.partition || ':' || d.kafka_offset from protected.dead_letters d"
        " where d.reason = 'quarantined' and d.step = 'nonidentify'"
    )
    ((position,), *_) = system.await_rows(query)
    surrogate = "select r.record from nonidentified.event_revisions r join vault.surrogates s on s.surrogate = r.event"
    mine = surrogate + f" where s.subject = '{provider}|ops-long'"
    assert system.rows(mine) == []
    words = ("pso", "quarantine", "release", position, "--without-narratives", "--by", "staff-7", "--reason", "reviewed")
    assert system.run(*words).returncode == 0
    assert system.rows(mine) == [], "a dry run releases nothing"
    done = system.run(*words, "--yes")
    assert done.returncode == 0, done.stderr
    ((record,),) = system.await_rows(mine)
    assert record["narratives"] == []
    assert system.rows("select decided_by, reason from protected.quarantine_decisions") == [("staff-7", "reviewed")]
    listed = json.loads(system.run("pso", "quarantine", "list", "--json").stdout)
    assert position not in {letter["position"] for letter in listed["letters"]}
