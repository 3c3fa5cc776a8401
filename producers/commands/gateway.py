"""pso-produce gateway: serves the REST gateway, and makes, lists and revokes its API keys."""

import threading

import click

from producers.clock import instant_text, system_clock
from producers.commands.extras import of_extra
from producers.commands.key_options import Asked, key_options, list_keys, revoke_key
from producers.commands.presentation import data, json_line, json_option, talk
from producers.commands.sending import Sending, pause_option, sending_options
from producers.failure import ExitCode
from producers.gateway.fates import not_asked
from producers.gateway.keys import Scope
from producers.gateway.ledger import make_folder
from producers.gateway.publishing import Publishing
from producers.gateway.settings import GatewaySettings
from producers.settings import environment


@click.group(invoke_without_command=True)
@pause_option(1.0, "Pause between two looks at what waits to be sent.")
@click.option("--no-publish", is_flag=True, help="Only take events in; `pso-produce flush --every` sends them elsewhere.")
@sending_options
@click.pass_context
def gateway(context: click.Context, sending: Sending, every: float, no_publish: bool) -> ExitCode:
    """Take events in over HTTP, answer when they are on disk, and send them to the PSO.

    Runs until SIGTERM or Ctrl-C. Needs `pip install pso-stream[gateway]`; settings PSO_GATEWAY_...
    """
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    serving = of_extra("producers.gateway.serving", "gateway")
    settings = GatewaySettings(environment())
    folder, namespace = settings.folder(), settings.namespace()
    listening, warehouse = settings.listening(), settings.warehouse()
    if not no_publish:
        settings.destination_of("any")  # what is missing is told now, not when the first event waits
    settings.complete()
    make_folder(folder)
    publisher = Publishing(folder, settings.destination_of, sending.metrics, talk, system_clock)

    def publish(asked: threading.Event) -> None:
        publisher.go_on(asked, every, sending.timeout)

    beyond = of_extra("producers.gateway.warehouse", "receipts").Warehouse(*warehouse, talk) if warehouse else not_asked
    serving.Serving(folder, namespace, listening, sending.metrics, talk, beyond).run(None if no_publish else publish)
    return ExitCode.OK


@gateway.group()
def keys() -> None:
    """Make, list and revoke API keys. A change counts from the next request on; the gateway need not be restarted."""


@keys.command()
@key_options(*Scope)
@json_option
def new(asked: Asked, as_json: bool) -> ExitCode:
    """Make a key and print it: this once, and never again."""
    key, record = asked.register.new(asked.caller, asked.lasting)
    values = asked.made(record)
    if as_json:
        json_line(key=key, **values)
    else:
        data(key)
        talk(f"key {record.key_id} until {instant_text(record.expires_at)}; it is shown this once: hand it over safely")
    return ExitCode.OK


keys.add_command(list_keys)
keys.add_command(revoke_key)
