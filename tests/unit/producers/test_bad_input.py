"""Bad input in bulk (trust.md F14, T29): a clear fault, bounded memory, and the good rows that stand beside it."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.support.bad_input import CASES

MOST_MB = 300

EXPECTED: dict[str, tuple[int, dict[str, int]]] = {
    # case: events, faults
    "csv of many rows": (20_000, {}),
    "csv line": (1, {"too_long": 1}),
    "csv line in UTF-16": (1, {"too_long": 1}),
    "csv behind an open quote": (1, {"open_quote": 1, "wrong_number_of_columns": 9_999}),
    "csv without a line end": (0, {"too_long": 1}),
    "csv of NUL bytes": (1, {"too_long": 1}),
    "csv of nothing but quotes": (1, {"wrong_number_of_columns": 1_000}),
    "csv of nothing but line ends": (1, {}),
    "json line": (0, {"too_long": 1}),
    "gzip bomb": (0, {"expands_too_far": 1}),
    "xml of many events": (2_000, {}),
    "xml text": (0, {"too_long": 1}),
    "xml tag": (0, {"too_long": 1}),
    "xml event": (1, {"too_long": 1}),
    "xml element": (1, {"too_long": 1}),
    "xml that is no event": (0, {}),
    "xml document type": (0, {"doctype": 1}),
    "dsv event": (0, {"too_long": 1}),
    "fhir document": (0, {"too_long": 1}),
    "fhir line": (0, {"not_allowed": 1, "too_long": 1}),
    "fhir of empty entries": (0, {"not_allowed": 1}),
    "workbook of two far cells": (0, {"unreadable_workbook": 1}),
    "workbook of spaces": (0, {"unreadable_workbook": 1}),
    "workbook of many rows": (5_000, {}),
    "workbook without an end": (0, {"unreadable_workbook": 1}),
}


def test_every_case_has_its_expectation() -> None:
    assert EXPECTED.keys() == CASES.keys()


@pytest.mark.parametrize("case", EXPECTED)
def test_memory_is_bounded_and_the_good_rows_are_read(case: str) -> None:
    command = [sys.executable, "-m", "tests.support.bad_input", case]
    said: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert (said["events"], said["faults"]) == EXPECTED[case]
    assert max(said["own_mb"], said["child_mb"]) < MOST_MB
