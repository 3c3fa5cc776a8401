"""What the documents tell people to type, set, watch and follow exists as they write it."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest
from prometheus_client import CollectorRegistry

from producers import metrics as producer_metrics
from producers.cli import program as pso_produce
from producers.failure import ExitCode
from producers.gateway.metrics import GatewayMetrics
from stream_processors.cli import exit_codes
from stream_processors.cli.program import pso
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.domain.rejection import Reason
from stream_processors.metrics import CanaryMetrics, Metrics, QualityMetrics, ReconciliationMetrics
from stream_processors.settings import SETTINGS
from stream_processors.sinks.dead_letters import UNLABELLED
from stream_processors.topology import Judges, topology
from stream_processors.topology_rendering import render_mermaid
from stream_processors.warehouse.privileges import ROLES
from tests.support import builders
from tests.support.classifiers import SHIPPED

ROOT = Path(__file__).parents[2]
PAGES = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))}
FLOW, RUNBOOK = PAGES["docs/how-a-record-flows.md"], PAGES["docs/runbook.md"]
PROGRAMS: dict[str, click.Command] = {"pso": pso, "pso-produce": pso_produce}

each = pytest.mark.parametrize("name", PAGES)

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_COMMAND_LINE = re.compile(r"(?:^|(?<=[\s$>]))(pso(?:-produce)?(?: [^|>;&#\n]*)?)(?=$|[|>;&#\n])")
_SCHEDULED = re.compile(r"^(?:[\d*/,-]+ +){5}")


def shown(page: str) -> Iterator[str]:
    """What a page shows as code: inline, and each line of its blocks of commands."""
    for language, text in _FENCE.findall(page):
        if language in ("", "sh", "bash", "console"):
            yield from text.splitlines()
    rest = _FENCE.sub("", page)
    yield from re.findall(r"^ {4,}(\S.*)$", rest, re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^ {4,}\S.*$", "", rest, flags=re.MULTILINE))


def command_lines(page: str) -> Iterator[list[str]]:
    """The words of every command line of our two programs; one with an ellipsis is no command line."""
    for code in shown(page):
        line = re.sub(r"\$\([^)]*\)", "X", _SCHEDULED.sub("", code.strip()))
        found = _COMMAND_LINE.match(line)
        if found is not None and "..." not in line:
            yield shlex.split(found[1])


def parse(program: click.Command, words: list[str], name: str) -> None:
    """Raises click.UsageError where the program would not understand these words; what is left out is forgiven."""
    context = click.Context(program, info_name=name)
    if isinstance(program, click.Group) and words and not words[0].startswith("-"):
        command = program.get_command(context, words[0])
        if command is None:
            raise click.UsageError(f"there is no {name} {words[0]}")
        parse(command, words[1:], f"{name} {words[0]}")
        return
    given, left, order = program.make_parser(context).parse_args(list(words))
    if left:
        raise click.UsageError(f"{name} takes no {left}")
    for parameter in order:
        if isinstance(parameter, click.Option):
            parameter.process_value(context, given[str(parameter.name)])
    assert program.get_help(context)


LINES = sorted({(name, shlex.join(words)) for name, page in PAGES.items() for words in command_lines(page)})


@pytest.mark.parametrize(("name", "line"), LINES)
def test_every_command_line_is_understood(name: str, line: str) -> None:
    program, *words = shlex.split(line)
    parse(PROGRAMS[program], words, program)


@pytest.mark.parametrize(
    "line",
    [
        "pso reconsile",
        "pso reconcile --all",
        "pso reconcile --every soon",
        "pso topology --format svg",
        "pso worker detect",
        "pso dead-letters replay --reason",
        "pso-produce send events.jsonl --mappings fda-caers",
    ],
)
def test_a_command_line_that_the_programs_do_not_know_is_noticed(line: str) -> None:
    ((program, *words),) = command_lines(f"`{line}`")
    with pytest.raises(click.UsageError):
        parse(PROGRAMS[program], words, program)


def test_the_search_finds_command_lines_in_every_kind_of_code() -> None:
    page = (
        "`pso sink` x\n\n    pso worker --only a   # why\n"
        "    15 2 * * *  pso-produce send /e-$(date +\\%F).csv >> /log\n\n```\npso topology\n```\n"
    )
    assert [shlex.join(words) for words in command_lines(page)] == [
        "pso topology",
        "pso worker --only a",
        "pso-produce send /e-X.csv",
        "pso sink",
    ]


@each
def test_every_step_sink_and_reason_given_to_an_option_exists(name: str) -> None:
    declared = topology(builders.arrangements(), Judges(PATTERNS_ONLY, SHIPPED))
    known = {
        "--only": {part.name for part in (*declared.steps, *declared.sinks)} | {"STEP", "SINK"},
        "--reason": {str(reason) for reason in Reason},
    }
    for words in command_lines(PAGES[name]):
        if words[1:2] in (["quarantine"], ["publish"], ["deidentify"], ["uniqueness"], ["arrangement"], ["provider"]):
            continue  # there the reason is a person's own
        for option, value in pairwise(words):
            assert value in known.get(option, {value}), " ".join(words)


def test_the_runbook_shows_every_command_of_pso() -> None:
    told = {words[1] for words in command_lines(RUNBOOK) if len(words) > 1}
    assert set(pso.commands) <= told


@each
def test_every_make_target_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {found[1] for code in shown(PAGES[name]) if (found := re.match(r"make ([a-z-]+)", code.strip()))}
    assert named <= targets


def declared_settings() -> set[str]:
    """The settings of both programs."""
    files = sorted((ROOT / "producers").rglob("settings.py"))
    of_providers = {name for path in files for name in re.findall(r'"(PSO_[A-Z_]+[A-Z])"', path.read_text())}
    return {setting.name for setting in SETTINGS} | of_providers


@each
def test_every_setting_exists(name: str) -> None:
    assert set(re.findall(r"\bPSO_[A-Z_]*[A-Z](?![A-Z_]|\.\.\.)", PAGES[name])) <= declared_settings()


def exported() -> dict[str, set[str]]:
    """The names under which Prometheus stores each metric of ours."""
    registries = [CollectorRegistry() for _ in range(6)]
    Metrics(registries[0], "test")
    ReconciliationMetrics(registries[1], "test")
    CanaryMetrics(registries[2], "test")
    QualityMetrics(registries[3], "test")
    producer_metrics.Metrics(registries[4])
    GatewayMetrics(registries[5])
    families = [family for registry in registries for family in registry.collect()]
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum", ""), "gauge": ("",)}
    return {family.name: {family.name + suffix for suffix in suffixes[family.type]} for family in families}


@each
def test_every_metric_exists(name: str) -> None:
    known = {stored for names in exported().values() for stored in names} | set(ROLES)
    named = {
        word
        for code in re.findall(r"`([^`\n]+)`", PAGES[name])
        for word in re.findall(r"\bpso_[a-z_]*[a-z]\b(?!_|\.\.\.)", code)
    }
    assert named <= known


def test_every_metric_of_ours_has_an_alert_or_is_said_to_have_none() -> None:
    for family, names in exported().items():
        assert any(re.search(rf"\b{name}\b", RUNBOOK) for name in names), family


def section(title: str) -> str:
    """The text of one section of the runbook."""
    (text,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", RUNBOOK, re.DOTALL | re.MULTILINE)
    return str(text)


def rows(text: str) -> list[list[str]]:
    """The cells of every row of the tables in a text, their heads left out."""
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in re.findall(r"^\|.*\|$", text, re.MULTILINE)]
    cells = [[cell.strip() for cell in line] for line in lines]
    rules = {place for place, line in enumerate(cells) if all(re.fullmatch(r"-+", cell) for cell in line)}
    return [line for place, line in enumerate(cells) if place not in rules and place + 1 not in rules]


def test_every_reason_of_a_dead_letter_has_an_entry_and_no_other_has() -> None:
    entries = rows(section("Dead letters by reason"))
    assert [cells[0] for cells in entries] == [f"`{reason}`" for reason in Reason]
    assert all(len(cells) == 4 and all(cells) for cells in entries)
    assert f"`{UNLABELLED}`" in section("Dead letters by reason")


def test_every_exit_code_is_explained() -> None:
    of_pso = {value for name, value in vars(exit_codes).items() if name.isupper()}
    assert of_pso == {int(code) for code in ExitCode}
    assert {int(cells[0]) for cells in rows(section("First looks"))} == of_pso


def test_every_alert_has_an_expression() -> None:
    alerts = rows(section("Alerts"))
    assert len(alerts) > 10
    for what, expression, lasting, where in alerts:
        assert expression.startswith("`"), what
        assert expression.count("(") == expression.count(")"), what
        assert re.fullmatch(r"\d+[mh]", lasting), what
        assert where, what


def test_the_picture_is_the_topology() -> None:
    (picture,) = re.findall(r"```mermaid\n(.*?)```", FLOW, re.DOTALL)
    assert picture == render_mermaid(topology(builders.arrangements(), Judges(PATTERNS_ONLY, SHIPPED))), (
        "paste `pso topology --format mermaid` into the page"
    )


def test_the_flow_names_every_topic_and_every_table() -> None:
    declared = topology(builders.arrangements(), Judges(PATTERNS_ONLY, SHIPPED))
    for topic in declared.live():
        if not topic.entry:
            assert f"`{topic.name}`" in FLOW, topic.name
    for sink in declared.sinks:
        assert sink.relation in FLOW, sink.relation


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each
def test_every_link_leads_somewhere(name: str) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", _FENCE.sub("", PAGES[name])):
        path = (ROOT / name).parent / target if target else ROOT / name
        assert path.exists(), target
        assert not anchor or anchor in anchors(path.read_text()), f"{target}#{anchor}"


@each
def test_no_document_names_a_path_of_somebodys_machine(name: str) -> None:
    assert re.findall(r"(?<![\w.])/(?:root|home|Users|work|tmp)/\S*", PAGES[name]) == []
    assert str(ROOT) not in PAGES[name]


@pytest.mark.parametrize(("name", "most"), [("README.md", 120), ("docs/how-a-record-flows.md", 200)])
def test_a_page_that_is_read_whole_stays_short(name: str, most: int) -> None:
    assert len(PAGES[name].splitlines()) <= most
