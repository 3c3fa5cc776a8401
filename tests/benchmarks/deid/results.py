"""What a run of the benchmark found, and the tables that say it."""

import os
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from tests.benchmarks.deid.contenders import Answer
from tests.benchmarks.deid.scoring import Score

BEGINS, ENDS = "<!-- bench-deid: rendered, do not edit -->", "<!-- bench-deid: end -->"


class Row(Struct, frozen=True):
    """One contender on one corpus: its score and speed, or why there is none."""

    contender: str
    uses_records: bool
    texts: int
    score: Score | None = None
    per_second: float | None = None
    seconds: float | None = None
    cpu_seconds: float | None = None
    unavailable: str | None = None


class Table(Struct, frozen=True):
    """All contenders on one corpus."""

    corpus: str
    about: str
    rows: list[Row]


class Machine(Struct, frozen=True):
    """Where it was measured. `load` is the number of others that wanted the cores when the run began."""

    processor: str
    cores: int
    python: str
    system: str
    load: float


class Results(Struct, frozen=True):
    """One run of the benchmark."""

    command: str
    machine: Machine
    sample: int
    versions: dict[str, str]
    tables: list[Table]


def measured(contender: str, uses_records: bool, answer: Answer, score: Score) -> Row:
    """The row of an answer. Speed by the contender's own count of CPU seconds, or by the clock where it counts none."""
    spent = answer.cpu_seconds or answer.seconds
    rate = score.texts / spent if spent else None
    return Row(contender, uses_records, score.texts, score, rate, answer.seconds, answer.cpu_seconds)


def machine() -> Machine:
    """This machine, now."""
    return Machine(_processor(), os.cpu_count() or 1, platform.python_version(), platform.system(), os.getloadavg()[0])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def markdown(results: Results) -> str:
    """The tables, and under which conditions they came about."""
    return "\n".join([*_conditions(results), *(line for table in results.tables for line in _table(table))]).rstrip() + "\n"


def put_into(page: str, block: str) -> str:
    """The page with this block between its markers. ValueError where they are missing."""
    before, begins, rest = page.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise ValueError("the page has no markers")
    return f"{before}{BEGINS}\n{block}{ENDS}{after}"


def _conditions(results: Results) -> Iterator[str]:
    m = results.machine
    yield f"Command: `{results.command}`"
    yield ""
    yield f"Machine: {m.processor}, {m.cores} cores, {m.system}, Python {m.python}, load {m.load:.1f} when the run began."
    yield ""
    yield f"Versions: {', '.join(f'{name} {version}' for name, version in sorted(results.versions.items()))}."
    yield ""


_COLUMNS = ("contender", "texts", "charR", "charP", "leak", "clean", "over", "false removal", "withheld", "texts/s")


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.corpus}"
    yield ""
    yield f"{table.about[:1].upper()}{table.about[1:]}."
    yield ""
    yield _line(_COLUMNS)
    yield f"|---|{'--:|' * (len(_COLUMNS) - 1)}"
    yield from (_line(_cells(row)) for row in table.rows)
    yield ""
    yield from _leaks([row for row in table.rows if row.score])
    for row in table.rows:
        if row.unavailable:
            yield f"{row.contender}: {row.unavailable}."
            yield ""


def _leaks(rows: list[Row]) -> Iterator[str]:
    """Leaked identifiers of each type, of the rows that saw the same texts as the first."""
    alike = [row for row in rows if row.texts == rows[0].texts]
    kinds = sorted({kind for row in alike if row.score for kind in row.score.leaks})
    if not kinds:
        return
    yield f"Leak by type, of {alike[0].texts} texts:"
    yield ""
    yield _line(("type", "identifiers", *(row.contender for row in alike)))
    yield f"|---|{'--:|' * (len(alike) + 1)}"
    for kind in kinds:
        leaks = [row.score.leaks.get(kind) if row.score else None for row in alike]
        most = max(leak.identifiers for leak in leaks if leak)
        yield _line((kind, str(most), *(_percent(leak.leaked / leak.identifiers if leak else None) for leak in leaks)))
    yield ""


def _cells(row: Row) -> Iterable[str]:
    s = row.score
    if s is None:
        return (row.contender, str(row.texts), *["-"] * (len(_COLUMNS) - 2))
    shares = (s.char_recall, s.char_precision, s.leak, s.clean, s.over_removal, s.false_removal, s.quarantine)
    return (row.contender, str(row.texts), *map(_percent, shares), _rate(row))


def _rate(row: Row) -> str:
    if row.per_second is None:
        return "-"
    return f"{row.per_second:,.0f}{'' if row.cpu_seconds else ' (clock)'}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
