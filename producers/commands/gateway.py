"""pso-produce gateway: serves the REST gateway, and makes, lists and revokes its API keys."""

import threading
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import Any

import click
import msgspec

from producers.clock import Clock, instant_text, system_clock
from producers.commands.presentation import data, json_line, json_option, talk
from producers.commands.sending import Sending, sending_options
from producers.failure import ExitCode, Failure
from producers.gateway.fates import not_asked
from producers.gateway.key_register import KeyRegister
from producers.gateway.keys import Caller, KeyRecord, Scope
from producers.gateway.ledger import LEDGER, Ledger, make_folder
from producers.gateway.publishing import Publishing
from producers.gateway.settings import GatewaySettings
from producers.settings import IN_TOPIC_NAMES, TopicPart, environment
from schemas.records.values import Id, Short


@click.group(invoke_without_command=True)
@click.option(
    "--every",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    help="Pause between two looks at what waits to be sent.",
)
@click.option("--no-publish", is_flag=True, help="Only take events in; `pso-produce flush --every` sends them elsewhere.")
@sending_options
@click.pass_context
def gateway(context: click.Context, sending: Sending, every: float, no_publish: bool) -> ExitCode:
    """Take events in over HTTP, answer when they are on disk, and send them to the PSO.

    Runs until SIGTERM or Ctrl-C. Needs `pip install pso-stream[gateway]`; settings PSO_GATEWAY_...
    """
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    serving = _extra("serving", "gateway")
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

    beyond = _extra("warehouse", "receipts").Warehouse(*warehouse, talk) if warehouse else not_asked
    serving.Serving(folder, namespace, listening, sending.metrics, talk, beyond).run(None if no_publish else publish)
    return ExitCode.OK


def _extra(module: str, extra: str) -> ModuleType:
    """What only some gateways need is an extra: without it everything else of pso-produce works. Raises Failure."""
    try:
        return import_module(f"producers.gateway.{module}")
    except ImportError as error:  # psycopg without its library is there and cannot be loaded
        told = f"{error.name or 'psycopg'} is not installed: pip install 'pso-stream[{extra}]'"
        raise Failure(told, ExitCode.USAGE) from None


@gateway.group()
def keys() -> None:
    """Make, list and revoke API keys. A change counts from the next request on; the gateway need not be restarted."""


@keys.command()
@click.option("--provider", metavar="ID", help="The id that the PSO gave the provider.")
@click.option("--arrangement", metavar="ID", help="The arrangement under which the events come.")
@click.option("--system", metavar="NAME", help="A lasting name for the system that will send.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    help="What it is for; may be repeated. By default all.",
)
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3650), help="How long it is in force.")
@click.option("--replaces", metavar="KEY_ID", help="Rotation: for the same provider and purpose as this key, which then ends.")
@click.option("--overlap-days", default=7, show_default=True, type=click.IntRange(0, 365), help="How long both are in force.")
@json_option
def new(days: int, replaces: str | None, overlap_days: int, as_json: bool, **given: Any) -> ExitCode:
    """Make a key and print it: this once, and never again."""
    register = _register(system_clock)
    caller = _caller(**given) if replaces is None else register.get(replaces).caller
    if replaces is not None and any(given.values()):
        raise click.UsageError("--replaces takes provider, arrangement, system and scopes from the key that it replaces")
    key, record = register.new(caller, timedelta(days=days))
    if replaces is not None:
        register.revoke(replaces, system_clock() + timedelta(days=overlap_days))
    if as_json:
        json_line(key=key, **_told(record))
    else:
        data(key)
        talk(f"key {record.key_id} until {instant_text(record.expires_at)}; it is shown this once: hand it over safely")
    return ExitCode.OK


@keys.command(name="list")
@json_option
def list_keys(as_json: bool) -> ExitCode:
    """Every key by its id, with what it opens and until when; never the key itself."""
    for record in _register(system_clock).all():
        told = _told(record)
        if as_json:
            json_line(**told)
        else:
            data("\t".join(str(value) for value in told.values()))
    return ExitCode.OK


@keys.command()
@click.argument("key_id", metavar="KEY_ID")
def revoke(key_id: str) -> ExitCode:
    """End a key now; sessions of the form that it opened end with it."""
    _register(system_clock).revoke(key_id, system_clock())
    return ExitCode.OK


def _register(clock: Clock) -> KeyRegister:
    folder = GatewaySettings(environment()).folder()
    make_folder(folder)
    return KeyRegister(Ledger(folder / LEDGER), clock)


def _caller(provider: str | None, arrangement: str | None, system: str | None, scopes: tuple[str, ...]) -> Caller:
    checks = (
        ("--provider", provider, Id, "1 to 128 visible characters without blanks and '|'"),
        ("--arrangement", arrangement, TopicPart, IN_TOPIC_NAMES),
        ("--system", system, Short, "up to 200 characters"),
    )
    for name, value, kind, expected in checks:
        try:
            msgspec.convert(value or None, kind)
        except msgspec.ValidationError:
            raise click.UsageError(f"{name} must be {expected}") from None
    return Caller(provider or "", arrangement or "", system or "", frozenset(Scope(scope) for scope in scopes or Scope))


def _told(record: KeyRecord) -> dict[str, object]:
    caller = record.caller
    return {
        "key_id": record.key_id,
        "provider": caller.provider,
        "arrangement": caller.arrangement,
        "system": caller.system,
        "scopes": " ".join(sorted(caller.scopes)),
        "created_at": instant_text(record.created_at),
        "expires_at": instant_text(record.expires_at),
        "revoked_at": instant_text(record.revoked_at) if record.revoked_at else "",
    }
