"""`pso provider add|show|list|retire|connect`: who reports to this PSO. Every change is a revision beside the ones before."""

import secrets
from typing import Any

import click
import msgspec

from schemas.taxonomy import ProviderType
from stream_processors.cli import context, exit_codes
from stream_processors.cli.provider_connect import connect
from stream_processors.domain.registry.affiliation import affiliated
from stream_processors.domain.registry.provider import Profession, RegisteredProvider, Revision
from stream_processors.warehouse.providers import Recorded, history, record, registry

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o, u: read out on the telephone


@click.group()
def provider() -> None:
    """The registry of providers. It says who reports, so its rows are protected like an event's."""


provider.add_command(connect)


def _choices(kind: Any) -> click.Choice[str]:
    return click.Choice([str(member) for member in kind])


@provider.command()
@click.option("--name", required=True, help="As the contract writes it.")
@click.option("--type", "type_", type=_choices(ProviderType), required=True, help="Kind of provider (42 CFR 3.20).")
@click.option("--state", required=True, help="State or territory, two letters.")
@click.option("--licence", "licences", multiple=True, metavar="STATE:NUMBER", help="May be given several times.")
@click.option("--authority", default="", help="By what else it may give care, where it has no licence.")
@click.option("--profession", type=_choices(Profession), help="Of an individual practitioner.")
@click.option("--parent", metavar="PROVIDER", help="The organisation that owns, controls or manages it.")
@click.option("--affiliate", "affiliates", multiple=True, metavar="PROVIDER", help="May be given several times.")
@click.option("--member", "members", multiple=True, metavar="PROVIDER", help="May be given several times.")
@click.option("--within-pso-parent", is_flag=True, help="It belongs to the organisation of which this PSO is a component.")
@click.option("--id", "id_", metavar="PROVIDER", help="An id that it has already; an entry that is there gets a revision.")
@click.option("--reason", default="", help="Why; kept with the revision.")
@context.json_option
def add(as_json: bool, reason: str, **given: Any) -> None:
    """Register a provider under a random id, or say anew what holds of one that is registered (--id)."""
    is_new = given["id_"] is None
    entry = _entry(given)
    settings = context.settings(context.DATABASE)
    made = record(settings.text("PSO_DATABASE_URL"), entry, reason, first=is_new, password=settings.database_password)
    if as_json:
        context.put(described(made))
    else:
        click.echo(made.provider.id)
        context.say(f"revision {made.number} of {made.provider.id}")


def _entry(given: dict[str, Any]) -> RegisteredProvider:
    given["id"] = given.pop("id_") or f"prv-{''.join(secrets.choice(_ALPHABET) for _ in range(6))}"
    given["type"] = given.pop("type_")
    given["licences"] = [_licence(text) for text in given["licences"]]
    given["state"] = given["state"].strip().upper()
    try:
        return msgspec.convert(given, RegisteredProvider)
    except msgspec.ValidationError as error:
        raise click.UsageError(str(error)) from None


def _licence(text: str) -> dict[str, str]:
    state, colon, number = text.partition(":")
    if not colon:
        raise click.BadParameter("is written STATE:NUMBER, as PA:123456", param_hint="--licence")
    return {"state": state.strip().upper(), "number": number.strip()}


@provider.command()
@click.argument("id_", metavar="PROVIDER")
@context.json_option
def show(id_: str, as_json: bool) -> int:
    """Everything that the registry says of PROVIDER: as it is now, with whom it is affiliated, and all revisions."""
    settings = context.settings(context.DATABASE)
    url, password = settings.text("PSO_DATABASE_URL"), settings.database_password
    revisions, known = history(url, id_, password), registry(url, password)
    if not revisions:
        return _unknown()
    told = described(known[id_]) | {
        "affiliated": sorted(affiliated(id_, known)),
        "history": [_told(one) for one in revisions],
    }
    if as_json:
        context.put(told)
        return exit_codes.OK
    for name, value in told.items():
        if name != "history" and value not in ("", None, [], False):
            click.echo(f"{name:<18}{value}")
    for one in told["history"]:
        click.echo(f"  revision {one['revision']} by {one['recorded_by']} at {one['recorded_at']} {one['reason']}".rstrip())
    return exit_codes.OK


@provider.command("list")
@click.option("--all", "everything", is_flag=True, help="Retired ones, too.")
@context.json_option
def list_(everything: bool, as_json: bool) -> None:
    """The providers of the registry."""
    settings = context.settings(context.DATABASE)
    known = registry(settings.text("PSO_DATABASE_URL"), settings.database_password)
    found = [known[id_] for id_ in sorted(known) if everything or not known[id_].retired]
    if as_json:
        context.put({"count": len(found), "providers": [described(one) for one in found]})
        return
    for one in found:
        click.echo(f"{one.provider.id}  {one.provider.state}  {one.provider.type}{'  retired' if one.retired else ''}")
    context.say(f"{len(found)} providers")


@provider.command()
@click.argument("id_", metavar="PROVIDER")
@click.option("--reason", required=True, help="Why; kept with the revision.")
@context.json_option
def retire(id_: str, reason: str, as_json: bool) -> int:
    """PROVIDER reports no more. Nothing of it is deleted: what it reported keeps its status (42 CFR 3.208)."""
    settings = context.settings(context.DATABASE)
    url, password = settings.text("PSO_DATABASE_URL"), settings.database_password
    before = registry(url, password).get(id_)
    if before is None:
        return _unknown()
    made = before if before.retired else record(url, before.provider, reason, retired=True, password=password)
    if as_json:
        context.put(described(made))
    context.say(f"{id_} is retired")
    return exit_codes.OK


def _unknown() -> int:
    context.say("pso: the registry has no such provider: `pso provider list --all` shows them")
    return exit_codes.FAILED


def described(revision: Revision) -> dict[str, Any]:
    """A revision as JSON."""
    return {**msgspec.to_builtins(revision.provider), "revision": revision.number, "retired": revision.retired}


def _told(one: Recorded) -> dict[str, Any]:
    return described(one.revision) | {
        "reason": one.reason,
        "recorded_by": one.recorded_by,
        "recorded_at": one.recorded_at.isoformat(),
    }
