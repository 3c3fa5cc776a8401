"""The command line and the directories of the development servers, without starting one."""

import json
from pathlib import Path

import pytest

from deploy.dev.__main__ import FAILED, FOUND, OK, main
from deploy.dev.broker import Broker, new_cluster_id
from deploy.dev.broker_settings import DEVELOPMENT, Ports, listeners, properties_text, replicated
from deploy.dev.cluster import Cluster
from deploy.dev.failure import StackError
from deploy.dev.stack import Stack


def held(directory: Path, brokers: int) -> Path:
    """A directory that looks as if a stack had been started there."""
    directory.mkdir(exist_ok=True)
    (directory / "brokers").write_text(str(brokers))
    return directory


@pytest.mark.parametrize("words", [["--help"], ["up", "--help"], ["status", "--help"], ["lock", "--help"]])
def test_help_says_what_a_command_does(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == OK
    assert "usage: python -m deploy.dev" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "remark"),
    [
        ([], "no command"),
        (["up", "--brokers", "2"], "two brokers have no majority when one dies"),
        (["lock"], "no version"),
        (["restart"], "no such command"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(words: list[str], remark: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2, remark


def test_status_of_an_empty_directory_is_one_line_of_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--dir", str(tmp_path)]) == FAILED
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == f"deploy.dev: no stack in {tmp_path}\n"


def test_status_names_every_server_that_does_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--dir", str(held(tmp_path, 3))]) == FOUND
    found = json.loads(capsys.readouterr().out)
    assert found["running"] is False
    assert found["processes"] == {"kafka-1": [], "kafka-2": [], "kafka-3": [], "postgres": []}


def test_wipe_removes_a_stack_and_nothing_else(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter").touch()
    assert main(["wipe", "--dir", str(other)]) == OK
    assert (other / "letter").exists()
    directory = held(tmp_path / "stack", 1)
    assert main(["wipe", "--dir", str(directory)]) == OK
    assert not directory.exists()
    assert main(["wipe", "--dir", str(directory)]) == OK


def test_a_directory_keeps_its_number_of_brokers(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"holds a stack of 3 broker\(s\)"):
        Stack(held(tmp_path, 3), brokers=1)
    assert Stack.existing(tmp_path).replication_factor == 3


def test_a_stack_of_two_brokers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="1 or 3 brokers"):
        Stack(tmp_path, brokers=2)


def test_a_broker_that_served_before_keeps_its_ports(tmp_path: Path) -> None:
    (tmp_path / "ports").write_text("20001 20002")
    assert Broker(tmp_path).ports == Ports(20001, 20002)
    assert Broker(tmp_path).bootstrap == "127.0.0.1:20001"


def test_a_cluster_keeps_its_addresses_only_when_all_of_its_brokers_have_served(tmp_path: Path) -> None:
    for node in (1, 2):
        (tmp_path / str(node)).mkdir()
        (tmp_path / str(node) / "ports").write_text(f"2000{node} 2100{node}")
    assert "127.0.0.1:20001" not in Cluster(tmp_path).bootstrap.split(",")
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "ports").write_text("20003 21003")
    assert Cluster(tmp_path).bootstrap == "127.0.0.1:20001,127.0.0.1:20002,127.0.0.1:20003"


def test_every_replication_setting_of_a_single_broker_is_raised_in_a_cluster() -> None:
    names = {name for name in DEVELOPMENT if name.endswith((".replication.factor", ".min.isr"))}
    assert names
    assert names <= set(replicated(3))
    assert all(DEVELOPMENT[name] == 1 for name in names)


def test_a_broker_listens_and_is_announced_on_the_loopback_address() -> None:
    written = listeners(1, Ports(20001, 20002), "1@127.0.0.1:20002")
    assert written["listeners"] == "CLIENT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002"
    assert written["advertised.listeners"] == "CLIENT://127.0.0.1:20001"


def test_properties_survive_a_backslash_in_a_path() -> None:
    assert properties_text({"log.dirs": "C:\\data", "node.id": 1}) == "log.dirs=C:\\\\data\nnode.id=1\n"


def test_cluster_ids_are_22_characters_and_never_the_same() -> None:
    ids = {new_cluster_id() for _ in range(100)}
    assert {len(one) for one in ids} == {22}
    assert len(ids) == 100
