"""pso-produce sftp: serves a folder to each provider over SFTP, and takes in, lists and revokes their public keys."""

from functools import partial
from pathlib import Path

import click

from producers.clock import instant_text, system_clock
from producers.commands.extras import of_extra
from producers.commands.key_options import Asked, key_options, list_keys, revoke_key
from producers.commands.presentation import data, json_line, json_option, talk
from producers.commands.sending import Sending, pause_option, sending_options
from producers.commands.watch import Reading, Teller
from producers.drops import Reading as Opening
from producers.failure import ExitCode
from producers.gateway.free_space import FreeSpace
from producers.gateway.keys import Caller
from producers.gateway.ledger import make_folder
from producers.gateway.publishing import Publishing
from producers.mapping_file import load_mapping
from producers.settings import environment
from producers.sftp.folders import SCOPES, mapping_file, refuse_unsafe
from producers.sftp.host_key import host_key as opened_host_key
from producers.sftp.host_key import public_line
from producers.sftp.public_keys import read_public_key, shown
from producers.sftp.settings import SftpSettings
from producers.sftp.working import Working


@click.group(invoke_without_command=True)
@pause_option(5.0, "Pause between two looks into the folders, and at what waits to be sent.")
@click.option("--no-publish", is_flag=True, help="Only take files in; the gateway or `pso-produce flush --every` sends them.")
@sending_options
@click.pass_context
def sftp(context: click.Context, sending: Sending, every: float, no_publish: bool) -> ExitCode:
    """Take files in over SFTP, each provider in a folder of its own, answer every row in an ack file, and send the events.

    Runs until SIGTERM or Ctrl-C. Needs `pip install pso-stream[sftp]`; settings PSO_SFTP_... and PSO_GATEWAY_DIR.
    """
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    serving = of_extra("producers.sftp.serving", "sftp")
    settings = SftpSettings(environment())
    folder, namespace, listening, limits = settings.folder(), settings.namespace(), settings.sftp_listening(), settings.limits()
    if not no_publish:
        settings.destination_of("any")  # what is missing is told now, not when the first event waits
    settings.complete()
    make_folder(folder)
    free = FreeSpace(sending.metrics.registry)
    working = Working(folder, namespace, partial(reading_of, folder), Teller(as_json=False).dropped, talk)
    beside = [partial(free.watch, folder), partial(working.go_on, every=every, clock=system_clock)]
    if not no_publish:
        publisher = Publishing(folder, settings.destination_of, sending.metrics, talk, system_clock)
        beside.append(partial(publisher.go_on, every=every, patience_seconds=sending.timeout))
    serving.SftpServing(folder, listening, limits, talk).run(beside)
    return ExitCode.OK


def reading_of(folder: Path, caller: Caller) -> Opening:
    """How the drops of a caller are read. Raises Failure for a mistake in its mapping: the operator is told, the drop waits."""
    mapping = mapping_file(folder, caller)
    if mapping is not None:
        load_mapping(str(mapping))
    return Reading(caller.origin, str(mapping) if mapping else None).outcomes


@sftp.command(name="host-key")
def show_host_key() -> ExitCode:
    """Print the server's public key, for the `known_hosts` of the providers; make it where there is none."""
    settings = SftpSettings(environment())
    make_folder(settings.folder())
    path = settings.host_key_file()
    data(public_line(opened_host_key(path), path))
    return ExitCode.OK


@sftp.group()
def keys() -> None:
    """Take in, list and revoke public keys. A change counts at once, also for open sessions."""


@keys.command()
@click.option("--public-key", "file", required=True, type=click.Path(path_type=Path), metavar="FILE", help="As id_ed25519.pub.")
@key_options(*SCOPES)
@json_option
def new(asked: Asked, file: Path, as_json: bool) -> ExitCode:
    """Take in a provider's public key: whoever has its private half may log in under the provider's id."""
    digest = read_public_key(file)
    record = asked.register.authorise(refuse_unsafe(asked.caller), digest, asked.lasting)
    values = asked.made(record)
    if as_json:
        json_line(fingerprint=shown(digest), **values)
    else:
        data(record.key_id)
        talk(f"key {shown(digest)} until {instant_text(record.expires_at)}: compare it with `ssh-keygen -l` at the provider")
    return ExitCode.OK


keys.add_command(list_keys)
keys.add_command(revoke_key)
