"""pso-produce map test and map explain: what a mapping does to a file, told without the values of people."""

import click

from producers.commands.presentation import data, json_line, json_option
from producers.commands.tables import TableFile, table_options
from producers.failure import ExitCode, Failure
from producers.mapping_file import load_mapping
from producers.mapping_trace import Step, traced
from producers.mapping_trial import Trial, tried

_by_mapping = click.option("--mapping", "name", required=True, metavar="NAME|FILE", help="A shipped name or a TOML file.")


@click.command()
@table_options
@_by_mapping
@json_option
def test(source: TableFile, name: str, as_json: bool) -> ExitCode:
    """Run a mapping on FILE and report what came of it: rows, columns, unmapped values, completeness of each field.

    Exit code 3 when rows were refused. Unmapped values are shown when many rows share them; the others are counted.
    """
    mapping = load_mapping(name)
    with source.opened(mapping) as table:
        trial = tried(table, mapping)
    if as_json:
        _trial_json(trial)
    else:
        for line in _trial_lines(trial):
            data(line)
    return ExitCode.FOUND if trial.refused else ExitCode.OK


@click.command()
@table_options
@_by_mapping
@click.option("--row", "number", required=True, type=click.IntRange(min=2), help="As in a spreadsheet; the header is row 1.")
@click.option("--show-values", is_flag=True, help="Show what stands in the cells: protected data on your screen.")
@json_option
def explain(source: TableFile, name: str, number: int, show_values: bool, as_json: bool) -> ExitCode:
    """Say for one row of FILE which column and which rule gave each field, and why others stay empty."""
    mapping = load_mapping(name)
    with source.opened(mapping) as table:
        steps = traced(table, mapping, number)
    if steps is None:
        raise Failure(f"{source.file}: no row {number} that can be read", ExitCode.USAGE)
    for step in steps:
        values = {"written": list(step.written), "value": step.value} if show_values else {}
        if as_json:
            json_line(kind="field", to=step.to, column=step.column, rule=step.rule, outcome=step.outcome, **values)
        else:
            data(_step_text(step) + (f"\t{list(step.written)!r} -> {step.value!r}" if show_values else ""))
    return ExitCode.OK


def _step_text(step: Step) -> str:
    return f"{step.to}\t{step.column or '-'}\t{step.rule}\t{step.outcome}"


def _trial_lines(trial: Trial) -> list[str]:
    lines = [f"rows {trial.rows}, events {trial.events}, rows refused {trial.refused} ({_percent(trial.refused, trial.rows)})"]
    lines += [f"refused: {column or 'the row'}: {reason}: {count} rows" for (column, reason), count in trial.reasons]
    lines += [f"column not used: {name}" for name in trial.unused]
    for found in trial.unmapped:
        lines += [f"unmapped: {found.column} -> {found.to}: {value!r}: {count} cells" for value, count in found.shown]
        if found.hidden:
            told = f"{found.hidden} more values, not shown, in {found.hidden_cells} cells"
            lines.append(f"unmapped: {found.column} -> {found.to}: {told}")
    lines += [
        f"complete: {one.to}: in the file {_percent(one.before, trial.events)}, mapped {_percent(one.after, trial.events)}"
        for one in trial.completeness
    ]
    return lines


def _trial_json(trial: Trial) -> None:
    for (column, reason), count in trial.reasons:
        json_line(kind="refused", column=column, reason=reason, rows=count)
    for found in trial.unmapped:
        json_line(kind="unmapped", column=found.column, to=found.to, values=dict(found.shown),
                  hidden=found.hidden, hidden_cells=found.hidden_cells)  # fmt: skip
    for one in trial.completeness:
        json_line(kind="completeness", to=one.to, before=one.before, after=one.after)
    json_line(kind="summary", rows=trial.rows, events=trial.events, refused=trial.refused, used=trial.used, unused=trial.unused)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0.0%"
