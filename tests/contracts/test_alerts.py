"""The rule file is one that Prometheus reads, names only what exists, and agrees with the runbook and the floors."""

import re
from typing import NamedTuple

import pytest

from stream_processors.domain.canaries.floors import MOST_QUARANTINED, MOST_REMOVED
from tests.contracts.test_docs import ROOT, RUNBOOK, anchors, exported, rows, section

FILE = (ROOT / "deploy" / "monitoring" / "alerts.yaml").read_text()
_RULE = re.compile(
    r"""\ {6}-\ alert:\ (?P<name>[A-Z]\w+)\n
        \ {8}expr:\ (?P<expr>\S[^\n]*)\n
        \ {8}for:\ (?P<lasting>\d+[smh])\n
        \ {8}labels:\n
        \ {10}severity:\ (?P<severity>page|ticket)\n
        \ {8}annotations:\n
        \ {10}summary:\ "(?P<summary>[^"\n]+)"\n
        \ {10}runbook:\ (?P<runbook>\S+)\n""",
    re.VERBOSE,
)
_FUNCTIONS = {"min", "max", "by", "time", "absent", "scalar", "or", "grade", "type"}


class Rule(NamedTuple):
    """One alert of the file."""

    name: str
    expr: str
    lasting: str
    severity: str
    summary: str
    runbook: str


RULES = [Rule(*match.groups()) for match in _RULE.finditer(FILE)]
each = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def test_the_file_is_a_group_of_rules_and_nothing_else() -> None:
    head, *groups = re.split(
        r"^  - name: ([a-z-]+)\n    rules:\n", re.sub(r"^#.*\n", "", FILE, flags=re.MULTILINE), flags=re.MULTILINE
    )
    assert head == "groups:\n"
    assert groups[::2] == ["pso-canaries"]
    assert "".join(match[0] for match in _RULE.finditer(FILE)) == "".join(groups[1::2])
    assert len({rule.name for rule in RULES}) == len(RULES) == 5


@each
def test_an_expression_names_metrics_and_labels_that_exist_and_closes_what_it_opens(rule: Rule) -> None:
    known = {stored for names in exported().values() for stored in names}
    words = set(re.findall(r"[a-z_]+", rule.expr))
    assert words - _FUNCTIONS <= known
    assert words & known
    assert rule.expr.count("(") == rule.expr.count(")")
    assert not re.search(r": |\s#", rule.expr), "YAML would read more than a string"
    assert set(re.findall(r"\$labels\.(\w+)", rule.summary)) <= {"grade", "type"}


@each
def test_an_alert_stands_in_the_runbook_with_the_same_expression_and_leads_to_its_section(rule: Rule) -> None:
    page, anchor = rule.runbook.split("#")
    assert page == "docs/runbook.md"
    assert anchor in anchors(RUNBOOK)
    in_table = [cells for cells in rows(section("Alerts")) if cells[1] == f"`{rule.expr}`"]
    assert [(cells[2], f"](#{anchor})" in cells[3]) for cells in in_table] == [(rule.lasting, True)]


def test_every_alert_of_canaries_in_the_runbook_is_in_the_file() -> None:
    of_canaries = {cells[1].strip("`") for cells in rows(section("Alerts")) if "pso_canary" in cells[1]}
    assert of_canaries == {rule.expr for rule in RULES}


def test_the_bounds_are_those_of_the_command() -> None:
    bounds = {
        rule.name: float(rule.expr.rpartition("> ")[2])
        for rule in RULES
        if rule.name in ("CanariesWithheld", "CanaryTermsRemoved")
    }
    assert bounds == {"CanariesWithheld": MOST_QUARANTINED, "CanaryTermsRemoved": MOST_REMOVED}
