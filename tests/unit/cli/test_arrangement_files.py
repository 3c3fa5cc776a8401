"""`pso arrangement check|diff`: what a document becomes, and what changes between two."""

import json
from pathlib import Path

import pytest

from stream_processors.cli import exit_codes
from tests.support.documents import NARROW, WIDE
from tests.unit.cli.running import ran


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wide.toml").write_text(WIDE)
    Path("narrow.toml").write_text(NARROW)


def test_a_document_is_shown_as_the_policy_that_law_and_contract_leave() -> None:
    told = json.loads(ran("arrangement check narrow.toml --json").out)
    assert (told["grades"]["P1"]["open"], told["grades"]["P2"]["open"], told["grades"]["A"]["open"]) == (True, False, True)
    assert told["grades"]["P1"]["dates"] == "year"
    assert told["grades"]["P1"]["permitted_by"] == "42 CFR 3.206(b)(4)(iv)"
    assert told["suppression"] == {"threshold": 20, "contributors": 5}
    assert ran("arrangement check wide.toml").out.splitlines()[1:] == [
        "  P1: to another_pso, reporting_provider by 42 CFR 3.206(b)(4)(iv)",
        "  P2: to public by 42 CFR 3.206(b)(5), 3.212(a)(2)",
        "  A: to public by 42 CFR 3.206(b)(5)",
        "  narratives: nonidentified",
        "  counts: hidden to 10, of fewer than 3",
    ]


def test_a_grade_that_stays_closed_though_somebody_may_have_it_is_remarked() -> None:
    Path("some.toml").write_text(WIDE.replace('"another_pso", "reporting_provider"', '"another_pso"'))
    ended = ran("arrangement check some.toml")
    assert ended.code == exit_codes.OK
    assert "P1 stays closed: what serves it also serves reporting_provider" in ended.err


def test_what_widens_the_law_is_refused_and_what_cannot_be_read_is_a_fault() -> None:
    Path("wider.toml").write_text(WIDE.replace('["public"]', '["public"]\ndates = "day"', 1))
    refused = ran("arrangement check wider.toml")
    assert refused.code == exit_codes.REFUSED
    assert "pso: disclosures[1].dates: " in refused.err
    assert "3.212(a)(2)" in refused.err
    assert ran("arrangement diff wide.toml wider.toml").code == exit_codes.REFUSED
    Path("broken.toml").write_text(WIDE.replace("version = 3", ""))
    broken = ran("arrangement check broken.toml")
    assert (broken.code, broken.err) == (exit_codes.USAGE, "pso: version: is missing\n")
    Path("latin.toml").write_bytes(WIDE.replace("P0042", "P\xe9").encode("latin-1"))
    assert "is no UTF-8 at byte" in ran("arrangement check latin.toml").err


def test_a_diff_has_a_line_for_each_field_that_changes_and_none_where_nothing_does() -> None:
    same = ran("arrangement diff wide.toml wide.toml")
    assert (same.code, same.out) == (exit_codes.OK, "")
    changed = ran("arrangement diff wide.toml narrow.toml")
    assert changed.code == exit_codes.FOUND
    lines = changed.out.splitlines()
    assert lines[0] == "version: 3 -> 4"
    assert "term.until: (not said) -> 2027-12-31" in lines
    assert "disclosures[0].dates: (not said) -> year" in lines
    assert "narratives.release: nonidentified -> none" in lines
    found = json.loads(ran("arrangement diff wide.toml narrow.toml --json").out)
    assert {"path": "suppression.threshold", "before": None, "after": 20} in found
