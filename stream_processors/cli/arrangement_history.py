"""`pso arrangement history`: every version of every contract that was put in force, from its topic."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from schemas.records import ArrangementActivated
from schemas.topics import submitted
from stream_processors.cli import context
from stream_processors.domain.contract.activation import Activation, first_of_each
from stream_processors.domain.contract.differences import differences


@click.command()
@click.argument("id_", metavar="[ARRANGEMENT]", required=False)
@context.json_option
def history(id_: str | None, as_json: bool) -> None:
    """Every version that was activated, from when, by whom and why, and what it changed; of ARRANGEMENT or of all."""
    found = list(_versions(context.system(context.KAFKA), id_))
    if as_json:
        context.put(found)
        return
    for one in found:
        what = f"{one['arrangement']} version {one['policy_version']}"
        click.echo(f"{what} from {one['in_force_from'] or 'never'} by {one['activated_by']}: {one['reason']}")
        for path, before, after in one["changed"]:
            click.echo(f"  {path}: {before} -> {after}")
    if not found:
        context.say("nothing was activated: what PSO_ARRANGEMENTS_FILE says holds")


def _versions(system: context.System, id_: str | None) -> Iterator[dict[str, Any]]:
    last: dict[str, Activation] = {}
    for one in first_of_each(system.activated().activations()):
        before = last.get(one.record.arrangement)
        last[one.record.arrangement] = one
        if id_ in (None, one.record.arrangement):
            changed = differences(before.document, one.document) if before else []
            yield described(one.record) | {"in_force_from": _since(system, one), "changed": [list(each) for each in changed]}


def _since(system: context.System, activation: Activation) -> str | None:
    """From when on it holds; None where it contradicts what was there, and never does."""
    versions = system.arrangements.versions.get(submitted(activation.record.arrangement).name, ())
    if activation.record.policy_version not in {version.policy.policy_version for version in versions}:
        return None
    return datetime.fromtimestamp(activation.effective_at / 1000, UTC).isoformat()


def described(record: ArrangementActivated) -> dict[str, Any]:
    """An activation as JSON."""
    digest = hashlib.sha256(record.document.encode()).hexdigest()
    return {**msgspec.structs.asdict(record), "document_sha256": digest}
