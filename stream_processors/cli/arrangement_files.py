"""`pso arrangement check|diff`: documents on files alone, before anybody is bound by them."""

from pathlib import Path

import click

from stream_processors.cli import context, exit_codes
from stream_processors.domain.contract.compiling import compiled
from stream_processors.domain.contract.differences import differences
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.reading import parse_document
from stream_processors.domain.contract.telling import described, remarks

document_file = click.Path(path_type=Path, exists=True, dir_okay=False)


def document_of(source: Path) -> ArrangementDocument:
    """The document in a file. Raises InvalidDocument."""
    return parse_document(text_of(source))


def text_of(source: Path) -> str:
    """The text of a file. Raises click.ClickException where it is not UTF-8."""
    try:
        return source.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{source.name} is no UTF-8 at byte {error.start}") from None


@click.command()
@click.argument("source", metavar="DOCUMENT", type=document_file)
@context.json_option
def check(source: Path, as_json: bool) -> None:
    """Compile DOCUMENT and show the policy: law and contract. Nothing is written.

    Exit code 2 where it cannot be read, 5 where it lets out what the law does not, with the paragraph.
    """
    document = document_of(source)
    told = described(document)
    if as_json:
        context.put(told | {"remarks": list(remarks(document))})
        return
    click.echo(f"{told['id']} version {told['policy_version']}: {told['provider']}, {told['provider_type']}")
    for grade, one in told["grades"].items():
        what = f"to {', '.join(one['recipients'])} by {one['permitted_by']}" if one["open"] else "closed"
        click.echo(f"  {grade}: {what}")
    click.echo(f"  narratives: {told['narrative_release']}")
    click.echo(f"  counts: hidden to {told['suppression']['threshold']}, of fewer than {told['suppression']['contributors']}")
    for remark in remarks(document):
        context.say(f"pso: {remark}")


@click.command()
@click.argument("before", metavar="OLD", type=document_file)
@click.argument("after", metavar="NEW", type=document_file)
@context.json_option
def diff(before: Path, after: Path, as_json: bool) -> int:
    """What changes from OLD to NEW, a line for each field; exit code 3 where anything does."""
    old, new = document_of(before), document_of(after)
    compiled(new)
    found = differences(old, new)
    if as_json:
        context.put([one._asdict() for one in found])
    else:
        for one in found:
            click.echo(f"{one.path}: {_said(one.before)} -> {_said(one.after)}")
    return exit_codes.FOUND if found else exit_codes.OK


def _said(value: object) -> str:
    if value is None:
        return "(not said)"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) and value else str(value)
