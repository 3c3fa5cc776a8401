"""`pso arrangement due`: what the contracts in effect ask of the PSO today."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
import msgspec

from stream_processors.cli import context, exit_codes
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.duties import duties
from stream_processors.runtime.clock import today
from stream_processors.warehouse.dispositions import Dispositions


class NoContract(click.ClickException):
    """The warehouse knows no contract in effect of this id."""

    exit_code = exit_codes.FAILED

    def __init__(self) -> None:
        super().__init__("no contract of this id is in effect: `pso arrangement history` shows what was activated")


@click.command()
@click.argument("id_", metavar="[ARRANGEMENT]", required=False)
@context.json_option
def due(id_: str | None, as_json: bool) -> int:
    """What retention, exit and feedback ask today, of ARRANGEMENT or of all, and the command for each; exit code 3 for any.

    The login needs the role pso_custodian. A contract of PSO_ARRANGEMENTS_FILE has no such terms: activate it.
    """
    with session() as warehouse:
        documents = warehouse.documents()
        chosen = documents.values() if id_ is None else [contract(documents, id_)]
        found = [
            duty
            for document in chosen
            for duty in duties(document, today(), warehouse.held(document.id), warehouse.given(document.id))
        ]
    if as_json:
        context.put(msgspec.to_builtins(found))
    for duty in () if as_json else found:
        paragraph = f" ({duty.permitted_by})" if duty.permitted_by else ""
        click.echo(f"{duty.arrangement} {duty.term} since {duty.since}: {duty.what}{paragraph}\n  {duty.command}")
    if not found:
        context.say("nothing is due")
    return exit_codes.FOUND if found else exit_codes.OK


@contextmanager
def session() -> Iterator[Dispositions]:
    """The warehouse of the settings. Raises Unavailable, WarehouseFailed."""
    settings = context.settings(context.DATABASE)
    with Dispositions.open(settings.text("PSO_DATABASE_URL"), settings.database_password) as warehouse:
        yield warehouse


def contract(documents: Mapping[str, ArrangementDocument], id_: str) -> ArrangementDocument:
    """The contract of this id. Raises NoContract."""
    if id_ not in documents:
        raise NoContract
    return documents[id_]
