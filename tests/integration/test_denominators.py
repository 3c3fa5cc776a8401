"""`pso denominators load` on a real warehouse: revisions, faults by row, strata, and rates that follow every correction."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.dev.stack import Stack
from schemas.records import Cell
from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting
from stream_processors.cli import exit_codes
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.integration.test_warehouse_fold import contribution, load
from tests.support.builders import ARRANGEMENTS_FILE
from tests.support.documents import WIDE
from tests.unit.cli.running import Ran, ran

HEAD = "provider,month,kind,quantity,revision\n"
CURRENT = "select provider, month, kind, quantity, revision from protected.denominators_current order by 1, 2, 3"
RATES = "select provider, month, events, quantity, per_thousand::float from protected.provider_rates order by 1, 2"
MAY = tuple(
    Cell(category, Harm.MILD, ReportType.INCIDENT, "2024-05", ProviderType.HOSPITAL, Setting.UNKNOWN)
    for category in (Category.FALL, Category.MEDICATION)
)
ONE, TWO = "prv-8f3k2m", "prv-q0z7hh"


@pytest.fixture
def warehouse(stack: Stack, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The owner's warehouse; the environment is that of an operator."""
    with fresh_warehouse(stack.database_url) as owner, login(owner, "pso_operator") as operator:
        monkeypatch.setenv("PSO_KAFKA_BOOTSTRAP_SERVERS", stack.bootstrap)
        monkeypatch.setenv("PSO_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
        monkeypatch.setenv("PSO_REPLICATION_FACTOR", "1")
        monkeypatch.setenv("PSO_NAMESPACE", namespace)
        monkeypatch.setenv("PSO_DATABASE_URL", operator)
        monkeypatch.setenv("PSO_PROFILE", "dev")
        monkeypatch.setenv("PSO_ARRANGEMENTS_FILE", str(ARRANGEMENTS_FILE))
        monkeypatch.chdir(tmp_path)
        yield owner


def told(*lines: str) -> Ran:
    Path("d.csv").write_text(HEAD + "\n".join(lines) + "\n")
    return ran("denominators load d.csv")


def test_the_highest_revision_counts_whatever_the_order_and_without_a_quantity_takes_back(warehouse: str) -> None:
    assert told(f"{ONE},2024-05,patient_days,7000,2", f"{ONE},2024-06,patient_days,6900,1").code == exit_codes.OK
    assert told(f"{ONE},2024-05,patient_days,9000,1", f"{ONE},2024-06,patient_days,,2").code == exit_codes.OK
    assert rows(warehouse, CURRENT) == [(ONE, "2024-05", "patient_days", 7000, 2)]
    assert rows(warehouse, "select count(*) from protected.denominators") == [(4,)]


def test_the_same_file_again_changes_nothing(warehouse: str) -> None:
    line = f"{ONE},2024-05,discharges,700,1"
    assert told(line).err.endswith("1 new, 0 known already, 0 refused\n")
    before = rows(warehouse, "select * from protected.denominators"), rows(warehouse, "select * from protected.provider_strata")
    again = told(line)
    assert (again.code, again.err.splitlines()[-1]) == (exit_codes.OK, "0 new, 1 known already, 0 refused")
    after = rows(warehouse, "select * from protected.denominators"), rows(warehouse, "select * from protected.provider_strata")
    assert after == before


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("prv-nobody,2024-05,patient_days,1,1", "row 2, column provider: no provider of an arrangement whose events count"),
        (f"{ONE},2024-13,patient_days,1,1", "row 2, column month: no month as YYYY-MM"),
        (f"{ONE},2024-5,patient_days,1,1", "row 2, column month: no month as YYYY-MM"),
        (f"{ONE},2024-05,beds,1,1", "row 2, column kind: none of patient_days, discharges, encounters"),
        (f"{ONE},2024-05,patient_days,-1,1", "row 2, column quantity: no whole number from 0 to 1000000000"),
        (f"{ONE},2024-05,patient_days,1e3,1", "row 2, column quantity: no whole number from 0 to 1000000000"),
        (f"{ONE},2024-05,patient_days,1,0", "row 2, column revision: no whole number from 1 to 1000000000"),
        (f"{ONE},2024-05,patient_days,1,", "row 2, column revision: empty"),
        (f"{ONE},2024-07,encounters,99,1", "row 3, column quantity: another quantity than this revision has already"),
    ],
)
def test_a_wrong_row_is_named_without_its_value_and_the_others_are_loaded(warehouse: str, line: str, fault: str) -> None:
    found = told(line, f"{ONE},2024-07,encounters,12,1")
    assert found.code == exit_codes.FAILED
    assert f"d.csv: {fault}" in found.err
    assert len(rows(warehouse, CURRENT)) == 1


def test_rates_follow_corrections_of_events_and_of_denominators(warehouse: str) -> None:
    told(f"{ONE},2024-05,patient_days,82125,1", f"{TWO},2024-05,patient_days,1000,1", f"{TWO},2024-06,patient_days,900,1")
    # Pennsylvania 2024: 32.4 reports for 1,000 patient days: 2,660 of a hospital with 82,125 (300 beds, three quarters in use).
    load(warehouse, [contribution(f"e{n}", 1, MAY, provider=ONE) for n in range(2660)], 1000)
    load(warehouse, [contribution("x", 1, MAY, provider=TWO)], 10, partition=1)
    assert rows(warehouse, RATES) == [
        (ONE, "2024-05", 2660, 82125, 32.390),
        (TWO, "2024-05", 1, 1000, 1.0),
        (TWO, "2024-06", 0, 900, 0.0),
    ]
    load(warehouse, [contribution("e0", 2, [], provider=ONE, withdrawn=True)], 10)
    told(f"{ONE},2024-05,patient_days,80000,2", f"{TWO},2024-05,patient_days,0,2", f"{TWO},2024-06,patient_days,,2")
    assert rows(warehouse, RATES) == [(ONE, "2024-05", 2659, 80000, 33.238), (TWO, "2024-05", 1, 0, None)]


def test_strata_are_kinds_of_provider_by_size_and_hold_the_sum_of_their_providers(warehouse: str) -> None:
    told(f"{ONE},2024-05,patient_days,82125,1", f"{TWO},2024-05,encounters,400,1")
    load(warehouse, [contribution(f"e{n}", 1, MAY, provider=ONE) for n in range(10)], 10)
    strata = "select provider, provider_type, size_band from protected.provider_strata"
    large, small = (ONE, "hospital", "census_300_or_more"), (TWO, "nursing_facility", "encounters_under_500")
    assert {large, small} <= set(rows(warehouse, strata))
    told(f"{ONE},2024-05,patient_days,,2")
    assert (ONE, "hospital", "unknown") in rows(warehouse, strata)
    told(f"{ONE},2024-05,patient_days,82125,3")
    rates = "select size_band, providers, events, quantity from protected.stratum_rates where kind = 'patient_days'"
    assert rows(warehouse, rates) == [("census_300_or_more", 1, 10, 82125)]


def test_a_provider_whose_contract_was_activated_without_a_file_is_known(
    warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PSO_ARRANGEMENTS_FILE")
    line = f"{ONE},2024-05,patient_days,82125,1"
    assert told(line).code == exit_codes.FAILED
    assert ran("topics create").code == exit_codes.OK
    Path("wide.toml").write_text(WIDE)
    with monkeypatch.context() as registrar:  # an operator may not read the registry, which the registrar asks
        registrar.delenv("PSO_DATABASE_URL")
        assert ran("arrangement activate wide.toml --by 'staff 17' --reason signed").code == exit_codes.OK
    assert told(line).code == exit_codes.OK
    assert rows(warehouse, CURRENT) == [(ONE, "2024-05", "patient_days", 82125, 1)]
