"""What gateway and SFTP server share about their keys: whose they are, how long they last, and how they end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

import click
import msgspec

from producers.clock import instant_text, system_clock
from producers.commands.presentation import data, json_line, json_option
from producers.failure import ExitCode
from producers.gateway.key_register import KeyRegister
from producers.gateway.keys import Caller, KeyRecord, Scope
from producers.gateway.ledger import LEDGER, Ledger, make_folder
from producers.gateway.settings import GatewaySettings
from producers.settings import IN_TOPIC_NAMES, TopicPart, environment
from schemas.records.values import Id, Short

_TAKES = "--replaces takes provider, arrangement, system and scopes from the key that it replaces"


@dataclass(frozen=True, slots=True)
class Asked:
    """The key that the command line asks for: `caller` as it says, or that of the key which is replaced."""

    register: KeyRegister
    caller: Caller
    lasting: timedelta
    replaces: str | None
    overlap: timedelta

    def made(self, record: KeyRecord) -> dict[str, object]:
        """Ends the key that was replaced; what is told of the new one."""
        if self.replaces is not None:
            self.register.revoke(self.replaces, system_clock() + self.overlap)
        return told(record)


def key_options(*scopes: Scope) -> Callable[[Callable[..., ExitCode]], Callable[..., ExitCode]]:
    """--provider to --overlap-days, handed to the command as `asked`; it is for some or all of these scopes."""

    def decorated(command: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
        @wraps(command)
        def with_key(
            *,
            provider: str | None,
            arrangement: str | None,
            system: str | None,
            given: tuple[str, ...],
            days: int,
            replaces: str | None,
            overlap_days: int,
            **others: object,
        ) -> ExitCode:
            register = opened_register()
            if replaces is None:
                caller = _caller(provider, arrangement, system, frozenset(map(Scope, given or scopes)))
            else:
                caller = register.get(replaces).caller
                if provider or arrangement or system or given:
                    raise click.UsageError(_TAKES)
                if not caller.scopes <= set(scopes):
                    raise click.UsageError("--replaces must name a key of the same kind")
            return command(asked=Asked(register, caller, timedelta(days), replaces, timedelta(overlap_days)), **others)

        wrapped: Callable[..., ExitCode] = with_key
        for option in reversed(_options(scopes)):
            wrapped = option(wrapped)
        return wrapped

    return decorated


def _options(scopes: tuple[Scope, ...]) -> list[Callable[[Callable[..., ExitCode]], Callable[..., ExitCode]]]:
    choices = click.Choice([str(scope) for scope in scopes])
    lasting, overlapping = click.IntRange(1, 3650), click.IntRange(0, 365)
    replaces = "Rotation: for the same provider and purpose as this key, which then ends."
    return [
        click.option("--provider", metavar="ID", help="The id that the PSO gave the provider."),
        click.option("--arrangement", metavar="ID", help="The arrangement under which the events come."),
        click.option("--system", metavar="NAME", help="A lasting name for the system that will send."),
        click.option("--scope", "given", multiple=True, type=choices, help="What it is for; may be repeated. By default all."),
        click.option("--days", default=365, show_default=True, type=lasting, help="How long it is in force."),
        click.option("--replaces", metavar="KEY_ID", help=replaces),
        click.option("--overlap-days", default=7, show_default=True, type=overlapping, help="How long both are in force."),
    ]


@click.command(name="list")
@json_option
def list_keys(as_json: bool) -> ExitCode:
    """Every key by its id, with what it opens and until when; never the key itself."""
    for record in opened_register().all():
        values = told(record)
        if as_json:
            json_line(**values)
        else:
            data("\t".join(str(value) for value in values.values()))
    return ExitCode.OK


@click.command(name="revoke")
@click.argument("key_id", metavar="KEY_ID")
def revoke_key(key_id: str) -> ExitCode:
    """End a key now; sessions that it opened end with it."""
    opened_register().revoke(key_id, system_clock())
    return ExitCode.OK


def opened_register() -> KeyRegister:
    """The keys in PSO_GATEWAY_DIR. Raises Failure."""
    folder = GatewaySettings(environment()).folder()
    make_folder(folder)
    return KeyRegister(Ledger(folder / LEDGER), system_clock)


def _caller(provider: str | None, arrangement: str | None, system: str | None, scopes: frozenset[Scope]) -> Caller:
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
    return Caller(provider or "", arrangement or "", system or "", scopes)


def told(record: KeyRecord) -> dict[str, object]:
    """What may be seen of a key."""
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
