"""Signals: a fold is a recomputation, scores know their symmetries, and shrinking keeps its order."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from stream_processors.cli.signals import signals
from stream_processors.domain.signals.contingency import PairCounts
from stream_processors.domain.signals.folded_table import table
from stream_processors.domain.signals.gamma_poisson import ebgm
from stream_processors.domain.signals.hyperparameters import NAMES, Hyperparameters
from stream_processors.domain.signals.information_component import information_component
from stream_processors.domain.signals.pair_table import PairTable, ReportRow, tabulated
from stream_processors.domain.signals.report_counts import EventRows, Margin, ReportCounts, fold
from stream_processors.domain.signals.scores import COLUMNS, scores

THETA = Hyperparameters(3.25379356, 0.39988854, 2.02612692, 1.90807970, 0.06534557)

rows = st.builds(ReportRow, *(st.sampled_from(texts) for texts in (["r1", "r2", "r3"], ["a", "b"], ["x", "y"], ["", "f", "m"])))
versions = st.builds(
    EventRows,
    event_id=st.sampled_from(["e1", "e2", "e3", "e4"]),
    version=st.tuples(st.integers(1, 3)),
    removed=st.booleans(),
    rows=st.lists(rows, min_size=1, max_size=2).map(tuple),
)
# Drawn again and again from a few, so that most come twice.
logs = st.lists(versions, min_size=1, max_size=8).flatmap(lambda few: st.lists(st.sampled_from(few), max_size=24))


def surviving(log: Sequence[EventRows]) -> list[ReportRow]:
    """The truth, by another way: sort, take the last of each event."""
    latest = {said.event_id: said for said in sorted(log, key=rank)}
    return [row for said in latest.values() if not said.removed for row in said.rows]


def rank(said: EventRows) -> tuple[tuple[int, ...], bool, list[ReportRow]]:
    return said.version, said.removed, [] if said.removed else sorted(set(said.rows))


def told(found: PairTable) -> list[tuple[object, ...]]:
    """Every pair with every score, to the last bit: nan is equal to nan as text."""
    columns = [list(map(repr, column.tolist())) for column in scores(found.counts, THETA).values()]
    return [(*pair, *row) for pair, row in zip(found.pairs, zip(*columns, strict=True), strict=True)]


@settings(max_examples=300)
@given(logs, st.randoms(use_true_random=False), st.booleans())
def test_the_fold_is_the_table_of_what_survives_to_the_last_bit(log: list[EventRows], random: object, stratified: bool) -> None:
    shuffled = log * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    counts = ReportCounts(stratified=stratified)
    fold(counts, shuffled)
    left = [row if stratified else row._replace(stratum="") for row in surviving(log)]
    assert told(table(counts)) == told(tabulated(left))


@given(logs)
def test_what_was_added_and_removed_leaves_nothing(log: list[EventRows]) -> None:
    counts = ReportCounts(stratified=True)
    fold(counts, log)
    fold(counts, [said._replace(version=(said.version[0] + 10,), removed=True) for said in log])
    assert not any(counts.reports.values())


@given(logs)
def test_a_replay_changes_nothing(log: list[EventRows]) -> None:
    counts = ReportCounts()
    fold(counts, log)
    once = told(table(counts))
    fold(counts, log)
    assert told(table(counts)) == once


FILE = st.lists(
    st.tuples(st.sampled_from(["new", "correct", "remove"]), st.integers(1, 3), st.integers(1, 3), rows),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(FILE, st.booleans(), st.randoms(use_true_random=False))
def test_the_command_fold_writes_the_bytes_that_score_writes(
    lines: list[tuple[str, int, int, ReportRow]], stratified: bool, random: object
) -> None:
    log = [EventRows(f"e{event}", (version,), operation == "remove", (row,)) for operation, event, version, row in lines]
    shuffled = [(n, op, f"e{event}", version, *row) for n, (op, event, version, row) in enumerate(lines * 2)]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    stratum = ("--stratum", "stratum") if stratified else ()
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "theta.json").write_text(json.dumps(dict(zip(NAMES, THETA.values(), strict=True))))
        heads = ("seq", "op", "event_id", "version", *ReportRow._fields), ReportRow._fields
        by_fold = run(folder, "fold", [heads[0], *shuffled], *stratum)
        assert by_fold == run(folder, "score", [heads[1], *surviving(log)], *stratum)


def run(folder: Path, command: str, lines: Sequence[Sequence[object]], *more: str) -> bytes:
    with (folder / "in.csv").open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    options = ("--report", "report", "--exposure", "exposure", "--event", "event", "--theta", str(folder / "theta.json"))
    ran = CliRunner().invoke(signals, [command, str(folder / "in.csv"), str(folder / "out.csv"), *options, *more])
    assert ran.exit_code == 0, ran.output
    return (folder / "out.csv").read_bytes()


tables = st.tuples(*(st.integers(low, 400) for low in (1, 0, 0, 0)))


def counted(cells: tuple[int, ...], times: int = 1) -> PairCounts:
    a, b, c, d = (np.array([cell * times]) for cell in cells)
    total = int((a + b + c + d)[0])
    return PairCounts(a, a + b, a + c, total, (a + b) * (a + c) / total)


@given(tables, st.integers(2, 50))
def test_ratios_do_not_depend_on_the_size_of_the_table_and_their_intervals_do(cells: tuple[int, ...], times: int) -> None:
    once, often = (scores(counted(cells, n), THETA) for n in (1, times))
    for name in ("rr", "prr", "ror"):
        np.testing.assert_allclose(once[name], often[name], rtol=1e-12)
    for name in ("prr", "ror"):
        widths = [found[f"{name}_hi"] - found[f"{name}_lo"] for found in (once, often)]
        assert np.isnan(widths[0]) or widths[1] <= widths[0]


@given(tables)
def test_all_but_prr_are_the_same_with_exposure_and_event_exchanged(cells: tuple[int, ...]) -> None:
    a, b, c, d = cells
    one, other = scores(counted((a, b, c, d)), THETA), scores(counted((a, c, b, d)), THETA)
    for name in set(COLUMNS) - {"prr", "prr_lo", "prr_hi", "n_exposure", "n_event"}:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-12)


@given(tables)
def test_every_interval_holds_its_value(cells: tuple[int, ...]) -> None:
    found = scores(counted(cells), THETA)
    for name in ("prr", "ror"):
        assert np.isnan(found[f"{name}_lo"]) or found[f"{name}_lo"] <= found[name] <= found[f"{name}_hi"]
    assert found["ic025"] < found["ic"]
    assert found["eb05"] <= found["ebgm"] <= found["eb95"]


near = st.floats(0.2, 5.0)
priors = st.builds(Hyperparameters, near, near, near, near, st.floats(0.01, 0.99))


@given(priors, st.lists(st.tuples(st.integers(1, 5000), st.floats(1e-4, 5000)), min_size=1, max_size=20))
def test_the_geometric_mean_lies_between_its_quantiles(theta: Hyperparameters, cells: list[tuple[int, float]]) -> None:
    n, e = np.array([cell[0] for cell in cells]), np.array([cell[1] for cell in cells])
    found = ebgm(n, e, theta)
    assert ((found.low <= found.value) & (found.value <= found.high)).all()


@given(priors, st.integers(1, 200), st.floats(1e-3, 100))
def test_one_more_report_never_lowers_a_score_and_more_expectation_never_raises_it(
    theta: Hyperparameters, n: int, e: float
) -> None:
    low = ebgm(np.array([n, n + 1, n]), np.array([e, e, e * 1.1]), theta).low
    assert low[1] >= low[0] * (1 - 1e-9)
    assert low[2] <= low[0] * (1 + 1e-9)


@given(st.integers(0, 10_000), st.floats(1e-6, 1e4))
def test_the_information_component_lies_between_its_bounds(n: int, e: float) -> None:
    found = information_component(PairCounts(np.array([n]), np.array([n]), np.array([n]), 10_000, np.array([e])))
    assert found.low < found.value < found.high


@given(st.lists(rows, min_size=1, max_size=20))
def test_one_stratum_is_none(reports: list[ReportRow]) -> None:
    one = tabulated(row._replace(stratum="all") for row in reports)
    none = tabulated(row._replace(stratum="") for row in reports)
    assert told(one) == told(none)


def test_a_margin_of_anything_is_not_that_of_an_empty_text() -> None:
    assert Margin("a", None) != Margin("a", "")
