"""`pso signals score|fold` on files: the columns, the refusals, and that a fold is a score of what survives."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stream_processors.cli import exit_codes
from stream_processors.cli.signals import signals
from stream_processors.domain.signals import gamma_poisson_fit

THETA = {"alpha1": 3.25379356, "beta1": 0.39988854, "alpha2": 2.02612692, "beta2": 1.90807970, "p": 0.06534557}
OPTIONS = ("--report", "case", "--exposure", "drug", "--event", "effect")
HEADER = (
    "drug,effect,n,n_exposure,n_event,n_reports,e,rr,prr,prr_lo,prr_hi,ror,ror_lo,ror_hi,chi2_yates,"
    "ic,ic025,ic025_approx,ebgm,eb05,eb95"
)


def run(folder: Path, command: str, text: str, *more: str, theta: Any = THETA) -> Result:
    (folder / "in.csv").write_text(text, encoding="utf-8")
    (folder / "theta.json").write_text(theta if isinstance(theta, str) else json.dumps(theta))
    pinned = () if theta is None else ("--theta", str(folder / "theta.json"))
    return CliRunner().invoke(
        signals, [command, str(folder / "in.csv"), str(folder / "out.csv"), *OPTIONS, *pinned, *more], standalone_mode=False
    )


def written(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def events(cases: int = 400) -> str:
    """Cases with two drugs each, one of which often has an effect of its own."""
    lines = ["case,drug,effect,sex"]
    for n in range(cases):
        lines.append(f"c{n},drug{n % 7},{'rash' if n % 7 == 3 else f'effect{n * n % 11}'},{'fm'[n % 2]}")
        lines.append(f"c{n},drug{n % 5},effect{n % 3},{'fm'[n % 2]}")
    return "\n".join(lines) + "\n"


def test_the_columns_and_their_order(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", events())
    assert ran.return_value == exit_codes.OK, ran.output
    assert (tmp_path / "out.csv").read_text().splitlines()[0] == HEADER
    found = written(tmp_path)
    assert [(row["drug"], row["effect"]) for row in found] == sorted((row["drug"], row["effect"]) for row in found)
    (strongest,) = [row for row in found if row["drug"] == "drug3" and row["effect"] == "rash"]
    assert (strongest["n"], strongest["n_reports"]) == ("57", "400")
    assert float(strongest["eb05"]) > 2 > max(float(row["eb05"]) for row in found if row["effect"] != "rash")


def test_numbers_are_written_so_that_they_come_back(tmp_path: Path) -> None:
    run(tmp_path, "score", events())
    for row in written(tmp_path):
        e = int(row["n_exposure"]) * int(row["n_event"]) / int(row["n_reports"])
        assert float(row["e"]) == e
        assert float(row["rr"]) == int(row["n"]) / e


def test_infinite_and_undefined_are_numbers_for_every_reader(tmp_path: Path) -> None:
    run(tmp_path, "score", "case,drug,effect\n1,a,x\n2,b,y\n3,b,y\n")
    first = written(tmp_path)[0]
    assert (first["prr"], first["ror"]) == ("inf", "nan")
    assert math.isinf(float(first["prr"]))


def test_pinned_hyperparameters_are_said_with_their_likelihood(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", events())
    told = json.loads(ran.stderr)
    assert {name: told[name] for name in THETA} == THETA
    assert told["pinned"]
    assert told["log_likelihood"] < 0


def test_fitted_hyperparameters_are_likelier_than_pinned_ones_and_pin_the_same_scores(tmp_path: Path) -> None:
    pinned = json.loads(run(tmp_path, "score", events()).stderr)
    fitted = json.loads(run(tmp_path, "score", events(), theta=None).stderr)
    assert fitted["log_likelihood"] > pinned["log_likelihood"]
    assert (fitted["pinned"], fitted["converged"]) == (False, True)
    scored = (tmp_path / "out.csv").read_bytes()
    run(tmp_path, "score", events(), theta={name: fitted[name] for name in THETA})
    assert (tmp_path / "out.csv").read_bytes() == scored


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    run(tmp_path, "score", events(), "--stratum", "sex")
    scored = (tmp_path / "out.csv").read_bytes()
    head, *lines = events().splitlines()
    run(tmp_path, "score", "\n".join([head, *reversed(lines), *lines[:50]]), "--stratum", "sex")
    assert (tmp_path / "out.csv").read_bytes() == scored


def test_strata_change_the_expectation(tmp_path: Path) -> None:
    run(tmp_path, "score", "case,drug,effect,sex\n1,a,x,f\n2,b,y,f\n3,a,x,m\n4,b,x,m\n", "--stratum", "sex")
    assert [float(row["e"]) for row in written(tmp_path)] == [0.5 + 1.0, 0.5 + 1.0, 0.5]


def test_a_stratum_that_is_not_known_is_a_stratum(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", "case,drug,effect,sex\n1,a,x,\n2,b,y,\n3,a,x,m\n", "--stratum", "sex")
    assert ran.return_value == exit_codes.OK
    assert float(written(tmp_path)[0]["e"]) == 0.5 + 1.0


def test_a_file_without_rows_gives_a_file_without_rows(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", "case,drug,effect\n", theta=None)
    assert (ran.return_value, (tmp_path / "out.csv").read_text()) == (exit_codes.OK, HEADER + "\n")
    assert json.loads(ran.stderr)["alpha1"] is None


def test_a_fit_that_did_not_end_gives_no_shrunk_scores_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gamma_poisson_fit, "MOST_STEPS", 1)
    ran = run(tmp_path, "score", events(), theta=None)
    assert ran.return_value == exit_codes.FOUND
    assert json.loads(ran.stderr)["converged"] is False
    assert {row["eb05"] for row in written(tmp_path)} == {"nan"}
    assert all(float(row["ic025"]) < 9 for row in written(tmp_path)), "the rest is there"


STREAM = """seq,op,event_id,version,case,drug,effect,sex
1,correct,e1,2,c1,a,y,f
2,new,e1,1,c1,a,x,f
3,new,e2,1,c2,a,x,m
4,new,e2,1,c2,a,x,m
5,remove,e3,4,,,,
6,new,e3,1,c3,b,x,f
7,remove,e4,2,,,,
8,new,e4,1,c4,b,x,m
9,correct,e4,10,c4,b,y,m
"""
SURVIVORS = "case,drug,effect,sex\nc1,a,y,f\nc2,a,x,m\nc4,b,y,m\n"


@pytest.mark.parametrize("more", [(), ("--stratum", "sex")])
def test_a_fold_is_the_score_of_what_survives(tmp_path: Path, more: tuple[str, ...]) -> None:
    run(tmp_path, "score", SURVIVORS, *more)
    scored = (tmp_path / "out.csv").read_bytes()
    ran = run(tmp_path, "fold", STREAM, *more)
    assert ran.return_value == exit_codes.OK, ran.output
    assert (tmp_path / "out.csv").read_bytes() == scored


REFUSED = [
    ("score", "case,drug,effect\n1,a,x\n2,,x\n", "line 3, column drug: empty"),
    ("score", "case,drug\n1,a\n", "line 1, column effect: is not in the first line"),
    ("fold", "op,event_id,version,case,drug,effect\nadd,e1,1,1,a,x\n", "line 2, column op: none of new, correct, remove"),
    ("fold", "op,event_id,version,case,drug,effect\nnew,,1,1,a,x\n", "line 2, column event_id: empty"),
    ("fold", "op,event_id,version,case,drug,effect\nremove,e1,one,,,\n", "line 2, column version: no whole number"),
    ("fold", "op,event_id,version,case,drug,effect\nnew,e1,1,,a,x\n", "line 2, column case: empty"),
]


@pytest.mark.parametrize(("command", "text", "told"), REFUSED)
def test_a_bad_row_is_refused_with_its_place_and_nothing_is_written(tmp_path: Path, command: str, text: str, told: str) -> None:
    ran = run(tmp_path, command, text)
    assert told in str(ran.exception)
    assert ran.exception.exit_code == exit_codes.FAILED  # type: ignore[union-attr]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out")] == []


@pytest.mark.parametrize(
    ("theta", "told"),
    [
        ({"alpha1": 1}, "beta1 is missing"),
        (THETA | {"p": 1.5}, "p must be below 1"),
        (THETA | {"beta2": 0}, "beta2 must be a number above 0"),
        (THETA | {"beta2": "much"}, "no JSON object with the numbers"),
        ("not JSON", "no JSON object with the numbers"),
        ("[1]", "no JSON object with the numbers"),
    ],
)
def test_hyperparameters_that_are_none_are_refused(tmp_path: Path, theta: Any, told: str) -> None:
    ran = run(tmp_path, "score", events(), theta=theta)
    assert told in str(ran.exception)
    assert ran.exception.exit_code == exit_codes.USAGE  # type: ignore[union-attr]


def test_hyperparameters_that_are_not_there_are_refused(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", events(), "--theta", str(tmp_path / "none.json"), theta=None)
    assert "--theta cannot be read" in str(ran.exception)


def test_exposure_and_event_are_two_columns(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", events(), "--event", "drug")
    assert "the same column" in str(ran.exception)


def test_a_target_is_there_whole_or_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("as it was")
    run(tmp_path, "score", "case,drug,effect\n1,a,x\n2,a\n")
    assert (tmp_path / "out.csv").read_text() == "as it was"
