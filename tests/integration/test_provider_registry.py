"""`pso provider` on a real warehouse: revisions beside each other, nothing changed, and no more rights than needed."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from deploy.dev.stack import Stack
from stream_processors.cli import exit_codes
from stream_processors.domain.registry.provider import Licence
from stream_processors.domain.registry.rules import InvalidProvider
from stream_processors.warehouse.providers import record
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.unit.cli.running import ran
from tests.unit.domain.registry.test_registry import entry

HOSPITAL = "--name 'Tamarack Regional' --type hospital --state or --licence OR:H-1"


@pytest.fixture
def owner(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


@pytest.fixture
def registrar(owner: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The environment of somebody who keeps the registry and does nothing else."""
    with login(owner, "pso_registrar") as url:
        monkeypatch.setenv("PSO_DATABASE_URL", url)
        yield url


@pytest.mark.usefixtures("registrar")
def test_a_provider_gets_a_random_id_and_every_change_is_a_revision_beside_the_others() -> None:
    added = json.loads(ran(f"provider add {HOSPITAL} --json").out)
    assert added["id"].startswith("prv-")
    assert "tamarack" not in added["id"].lower()
    id_ = added["id"]
    assert ran(f"provider add --id {id_} {HOSPITAL} --licence OR:H-2 --reason 'second campus'").code == exit_codes.OK
    assert ran(f"provider retire {id_} --reason 'contract ended'").code == exit_codes.OK
    assert ran(f"provider retire {id_} --reason again").code == exit_codes.OK
    shown = json.loads(ran(f"provider show {id_} --json").out)
    assert [(one["revision"], one["retired"], one["reason"]) for one in shown["history"]] == [
        (1, False, ""),
        (2, False, "second campus"),
        (3, True, "contract ended"),
    ]
    assert [len(one["licences"]) for one in shown["history"]] == [1, 2, 2]
    assert json.loads(ran("provider list --json").out) == {"count": 0, "providers": []}
    assert json.loads(ran("provider list --all --json").out)["providers"][0]["id"] == id_


@pytest.mark.usefixtures("registrar")
def test_a_health_system_and_a_single_clinician_stand_in_one_registry() -> None:
    parent = ran("provider add --name 'Ostrander Health' --type parent_organization --state OR").out.strip()
    site = ran(f"provider add {HOSPITAL} --parent {parent}").out.strip()
    words = "--name 'I. Raskolnik' --type individual_practitioner --profession physician --state GU --licence GU:MD-7"
    alone = ran(f"provider add {words}").out.strip()
    assert json.loads(ran(f"provider show {site} --json").out)["affiliated"] == [parent]
    assert json.loads(ran(f"provider show {alone} --json").out)["affiliated"] == []
    assert {line.split()[2] for line in ran("provider list").out.splitlines()} == {
        "parent_organization",
        "hospital",
        "individual_practitioner",
    }


@pytest.mark.usefixtures("registrar")
def test_faults_are_said_with_place_and_paragraph_and_nothing_is_written(owner: str) -> None:
    refused = ran("provider add --name N --type hospital --state ZZ --parent prv-nobody")
    assert refused.code == exit_codes.USAGE
    assert "pso: state: is not the postal code" in refused.err
    assert "42 CFR 3.20" in refused.err
    assert "pso: parent: is not in the registry" in refused.err
    assert rows(owner, "select count(*) from protected.provider_revisions") == [(0,)]
    assert ran("provider show prv-nobody").code == ran("provider retire prv-nobody --reason x").code == exit_codes.FAILED


def test_two_who_register_one_licence_at_once_make_one_provider(owner: str) -> None:
    same = (Licence("OR", "H-9"),)

    def attempt(number: int) -> str:
        try:
            record(owner, entry(f"prv-{number}", licences=same), "")
        except InvalidProvider:
            return "refused"
        return "written"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == ["refused"] * 3 + ["written"]


def test_a_random_id_that_is_taken_makes_no_revision_of_somebody_else(owner: str) -> None:
    record(owner, entry("prv-1"), "", first=True)
    with pytest.raises(InvalidProvider, match="another provider"):
        record(owner, entry("prv-1", licences=(Licence("OR", "H-9"),)), "", first=True)
    assert record(owner, entry("prv-1"), "a correction").number == 2


def test_history_cannot_be_changed_and_who_wrote_it_is_what_the_database_says(owner: str, registrar: str) -> None:
    ran(f"provider add {HOSPITAL}")
    (name,) = rows(owner, "select recorded_by from protected.provider_revisions")
    assert name == (psycopg.conninfo.conninfo_to_dict(registrar)["user"],)
    for who, statement in (
        (registrar, "update protected.provider_revisions set reason = 'x'"),
        (registrar, "delete from protected.provider_revisions"),
        (registrar, "select * from protected.event_revisions"),
        (owner, "update protected.provider_revisions set reason = 'x'"),
    ):
        with psycopg.connect(who) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
