"""`pso signals link`: groups in a file, what one provider may see of them, faults with their place."""

from pathlib import Path

import pytest

from tests.unit.cli.running import Ran, ran

HEADER = "provider,event_id,day,category,age,sex,setting,text\n"
NURSE = "p1,E-1,2024-05-16,medication,71,female,inpatient_unit,Twice the dose of heparin at the evening round\n"
PHARMACIST = "p1,E-2,2024-05-16,medication device,71,female,inpatient_unit,Anticoagulant rate corrected after review\n"
TRANSFER = "p2,X-1,2024-05-16,medication,71,female,inpatient_unit,Twice the dose of heparin at the evening round\n"
OTHER = "p1,E-3,2024-05-18,fall,40,male,,Slipped on a wet floor\n"


def link(folder: Path, reports: str, options: str = "") -> Ran:
    (folder / "reports.csv").write_text(HEADER + reports)
    return ran(f"signals link {folder}/reports.csv {folder}/groups.csv {options}")


def test_an_event_told_three_times_is_one_group_of_which_one_counts(tmp_path: Path) -> None:
    found = link(tmp_path, TRANSFER + NURSE + OTHER + PHARMACIST)
    assert (found.code, "4 reports, 1 groups, 2 do not count" in found.err) == (0, True)
    assert (tmp_path / "groups.csv").read_text() == "provider,event_id,group,counts\np2,X-1,1,1\np1,E-1,1,0\np1,E-2,1,0\n"


def test_one_provider_sees_its_own_group_as_if_there_were_no_other(tmp_path: Path) -> None:
    link(tmp_path, TRANSFER + NURSE + OTHER + PHARMACIST, "--for p1")
    with_others = (tmp_path / "groups.csv").read_text()
    link(tmp_path, NURSE + OTHER + PHARMACIST)
    assert (tmp_path / "groups.csv").read_text() == with_others == "provider,event_id,group,counts\np1,E-1,1,1\np1,E-2,1,0\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",E-9,,,,,,\n", "reports.csv: row 3, column provider: empty"),
        ("p1,E-9,May,,,,,\n", "reports.csv: row 3, column day: neither a day"),
        ("p1,E-9,,,old,,,\n", "reports.csv: row 3, column age: no whole number of years"),
        ("p1,E-1,,,,,,\n", "reports.csv: row 3, column event_id: a second time at its provider"),
    ],
)
def test_a_fault_ends_the_command_with_its_place(tmp_path: Path, row: str, told: str) -> None:
    found = link(tmp_path, NURSE + row)
    assert (found.code, told in found.err) == (1, True), found.err
    assert not (tmp_path / "groups.csv").exists()
