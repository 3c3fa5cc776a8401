"""`pso signals critical-value`: the number alone, the number with its design, and designs that have none."""

import json

import pytest

from tests.unit.cli.running import ran


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("--model poisson --T 10 --M 1 --alpha 0.05", "3.467952"),
        ("--model poisson --T 10 --M 4", "2.921561"),
        ("--model binomial --N 25 --z 3.5 --M 1 --groups 5", "1.985200"),
        ("--model binomial --N 50 --z 3.5 --groups 10,10,15,15", "1.992020"),
        (
            "--model poisson --T 10 --groups 2",
            ran("signals critical-value --model poisson --T 10 --groups 2,2,2,2,2").out.strip(),
        ),
    ],
)
def test_the_number_alone(words: str, printed: str) -> None:
    assert ran(f"signals critical-value {words}") == (0, printed + "\n", "")


def test_json_tells_the_alpha_that_is_attained() -> None:
    told = json.loads(ran("signals critical-value --model binomial --N 25 --z 3.5 --groups 5 --json").out)
    assert told["alpha_attained"] == pytest.approx(0.04775995, abs=1e-8)
    assert (told["critical_value"], told["alpha"], told["most"]) == (1.9852, 0.05, 25)


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ("--model poisson --T 1 --M 4", 1, "lower M or raise T"),
        ("--model binomial --N 4 --z 1", 1, "watch longer"),
        ("--model poisson --N 4", 2, "takes --T"),
        ("--model binomial --T 4", 2, "takes --N and --z"),
        ("--model binomial --N 9 --z 1 --groups 2,2", 2, "sum up to 4, not to N = 9"),
        ("--model binomial --N 9 --z 1 --groups 4.5,4.5", 2, "whole numbers"),
        ("--model poisson --T 9 --groups 2,2", 2, "sum up to 4, not to --T 9"),
        ("--model poisson --T 9 --groups 3,x", 2, "commas between"),
        ("--model poisson --T 9 --groups -3,12", 2, "positive numbers"),
        ("--model poisson --T 0", 2, "--T"),
        ("--model poisson --T 10 --alpha 0.9", 2, "--alpha"),
    ],
)
def test_a_design_without_a_critical_value_says_why(words: str, code: int, reason: str) -> None:
    found = ran(f"signals critical-value {words}")
    assert (found.code, found.out) == (code, "")
    assert reason in found.err
