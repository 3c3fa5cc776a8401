"""pso-produce map: from an unknown export to a mapping that is tried on history and can explain itself."""

from pathlib import Path

import click

from producers.commands.mapping_trial import explain, test
from producers.commands.presentation import data, json_line, json_option, talk
from producers.commands.tables import TableFile, table_options
from producers.failure import ExitCode, Failure
from producers.suggesting.layout import layout_of
from producers.suggesting.proposal import Proposal, Suggestion, suggestion
from producers.suggesting.rendering import rendered
from producers.tables import sample_of


@click.group(name="map")
def mapping() -> None:
    """Make a mapping for the export of an incident system: suggest, test, explain.

    \b
    1. pso-produce map suggest export.csv --out my.toml    proposes; answer its questions (lines with #?)
    2. pso-produce map test export.csv --mapping my.toml   tries it on history; change it until you are content
    3. pso-produce map explain export.csv --mapping my.toml --row 17    where the fields of one row come from
    4. pso-produce check, then pso-produce send

    Nothing is stored or sent, and no setting is needed.
    """


@mapping.command()
@table_options
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the mapping here, not to stdout; never over a file."
)
@json_option
def suggest(source: TableFile, out: Path | None, as_json: bool) -> ExitCode:
    """Propose a mapping for FILE, a CSV with a header or a workbook, from at most 50,000 rows of it.

    The mapping is complete: `check` takes it at once. What is uncertain stands in it as a comment that asks (#?).
    Values are shown of pick-lists only, and there only words that many rows share.
    """
    if out is not None and out.exists():
        raise Failure(f"{out} exists: name another file, or remove it", ExitCode.USAGE)
    with source.opened() as table:
        sample = sample_of(table)
    found = suggestion(layout_of(sample))
    text = rendered(found, sample, _name(source.file))
    if out is not None:
        try:
            with out.open("x", encoding="utf-8") as written:
                written.write(text)
        except OSError as error:
            raise Failure(f"{out}: {error.strerror}") from None
    if as_json:
        _as_json(found, sample.rows)
    elif out is None:
        data(text.rstrip("\n"))
    asked = sum(bool(proposal.question) for proposal in found.proposals)
    told = len(found.proposals) - asked
    talk(f"{source.file}: {told} fields proposed, {asked} asked about, {len(found.unused)} columns left over")
    return ExitCode.OK


def _as_json(found: Suggestion, rows: int) -> None:
    for proposal in found.proposals:
        json_line(kind="field", **_of(proposal))
    json_line(kind="summary", rows=rows, group_by=found.layout.key, external_id=found.external_id, unused=found.unused)


def _of(proposal: Proposal) -> dict[str, object]:
    return {
        "to": proposal.to, "column": proposal.column, "score": proposal.score, "evidence": proposal.evidence,
        "where": proposal.where, **proposal.keys, "values": proposal.values, "question": proposal.question,
        "remarks": proposal.remarks,
    }  # fmt: skip


def _name(file: str) -> str:
    """The file's name in the letters that a mapping's name may have."""
    stem = Path(file).name.partition(".")[0].casefold()
    plain = "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in stem).split())
    return plain or "my-export"


mapping.add_command(test)
mapping.add_command(explain)
