"""pso-produce key: the key that signs custody certificates."""

import click

from producers.commands.presentation import data, json_line, json_option
from producers.custody.keys import new_key, public_path
from producers.failure import ExitCode
from producers.settings import Settings, environment


@click.group()
def key() -> None:
    """The key that signs custody certificates."""


@key.command()
@json_option
def new(as_json: bool) -> ExitCode:
    """Make a key in PSO_PRODUCE_CUSTODY_KEY_FILE (default pso-custody-key.pem), and its public half beside it (.pub).

    The key itself is never printed and never replaced. Give the public half to your counsel and to the PSO now: a
    certificate proves nothing against a key that appears together with it.
    """
    path = Settings(environment()).custody_key()
    public = new_key(path).public_key().public_bytes_raw().hex()
    if as_json:
        json_line(key_file=str(path), public_key_file=str(public_path(path)), public_key=public)
    else:
        data(f"{public_path(path)}\t{public}")
    return ExitCode.OK
