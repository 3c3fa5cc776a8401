"""docs/guides/write-an-arrangement.md: its document is one, and becomes what the page says."""

import re
from pathlib import Path

import pytest

from stream_processors.cli import exit_codes
from tests.unit.cli.running import ran

PAGE = (Path(__file__).parents[3] / "docs" / "guides" / "write-an-arrangement.md").read_text()
(DOCUMENT,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(autouse=True)
def _document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("arr-7k2q.toml").write_text(DOCUMENT)


def test_the_document_of_the_guide_becomes_the_policy_that_stands_below_it() -> None:
    ended = ran("arrangement check arr-7k2q.toml")
    assert ended.code == exit_codes.OK
    shown = "".join(f"    {line}\n" for line in ended.out.splitlines())
    assert shown in PAGE


@pytest.mark.parametrize(
    ("old", "new", "paragraph"),
    [
        (
            'dates = "year"',
            'dates = "day"\n\n[[disclosures]]\ngrade = "P2"\nrecipients = ["public"]\ndates = "month"',
            "3.212(a)(2)",
        ),
        ('"another_pso", "reporting_provider"]\ndates', '"npsd"]\ndates', "42 CFR 3.206(b)(4)(iv)"),
        ('"another_pso", "reporting_provider"]\ndates', '"pso_parent"]\ndates', "42 CFR 3.102(c)"),
        ('release = "anonymized"', "redacted = false", "42 CFR 3.206(b)(4)(iv), 3.212(a)(2) and (b)"),
        ("threshold = 20", "threshold = 5", "42 CFR 3.212"),
        ('withheld = ["patient.race"]', 'withheld = ["patient.family"]', "42 CFR 3.206(b)(4)(iv), 3.212(b)"),
        ('"reporting_provider"]\nwithheld', '"public"]\nwithheld', "42 U.S.C. 299b-22(g)"),
    ],
)
def test_what_the_guide_says_is_refused_is_refused_with_that_paragraph(old: str, new: str, paragraph: str) -> None:
    assert paragraph in PAGE
    assert old in DOCUMENT
    Path("arr-7k2q.toml").write_text(DOCUMENT.replace(old, new, 1))
    ended = ran("arrangement check arr-7k2q.toml")
    assert ended.code == exit_codes.REFUSED
    assert paragraph in ended.err
