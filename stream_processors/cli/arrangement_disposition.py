"""`pso arrangement hand-over|destroy|certificates`: what becomes of work product at the end of its time or of its contract."""

import hashlib
import os
from pathlib import Path
from typing import Any

import click
import msgspec

from schemas.grades import Grade
from schemas.topics import all_topics
from stream_processors.cli import context, exit_codes
from stream_processors.cli.arrangement_duties import contract, session
from stream_processors.cli.whole_file import whole_file
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.duties import DISPOSITION, refuse_undue
from stream_processors.runtime.clock import today
from stream_processors.warehouse.dispositions import Dispositions, Noted

_DESTROYED = (
    "protected.event_revisions.event",
    "protected.classifications: evidence, medication",
    "anonymized.event_revisions.record",
)
_KEPT = (
    "provider, event, revision and digest of each: what was there, and why no replay brings it back",
    "codes of the classification, contributions and counts: the PSO's own work product",
    "what left as P2 or in a release: no work product any more (42 CFR 3.208(b)(2))",
)


def _decision(command: Any) -> Any:
    command = click.option("--yes", is_flag=True, help="Really do it; without it nothing happens.")(command)
    command = click.option("--reason", "why", required=True, help="Why; kept with the disposition.")(command)
    return context.by_option(command)


@click.command("hand-over")
@click.argument("id_", metavar="ARRANGEMENT")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@_decision
def hand_over(id_: str, target: Path, who: str, why: str, yes: bool) -> int:
    """Write everything held of ARRANGEMENT to a file for the provider, or for the PSO that takes it over, and note it.

    One revision a line, as JSON, whole: grade P0, readable by its owner alone. The login needs the roles pso_custodian and
    pso_analyst_protected.
    """
    with session() as warehouse:
        document = contract(warehouse.documents(), id_)
        if not yes:
            context.say(f"{warehouse.held(id_).to_hand_over} events were never handed over (dry run; add --yes)")
            return exit_codes.OK
        digest = _write(warehouse, document, target)
        noted = warehouse.hand_over(id_, digest, who, why)  # in the transaction that read it: what is noted is in the file
    if noted is None:
        context.say("nothing is held of it")
        return exit_codes.OK
    context.put(_certificate(document, noted))
    return exit_codes.OK


def _write(warehouse: Dispositions, document: ArrangementDocument, target: Path) -> str:
    names = ("provider", "event_id", "revision", "digest", "policy_version", "reported_at", "event")
    digest = hashlib.sha256()
    with whole_file(target) as out:
        os.fchmod(out.fileno(), 0o600)
        for row in warehouse.stored(document):
            line = msgspec.json.encode(dict(zip(names, row, strict=True))) + b"\n"
            digest.update(line)
            out.write(line.decode())
    return digest.hexdigest()


@click.command()
@click.argument("id_", metavar="ARRANGEMENT")
@click.option(
    "--because", "grounds", required=True, type=click.Choice(["retention", "exit"]), help="The term that asks for it."
)
@_decision
def destroy(id_: str, grounds: str, who: str, why: str, yes: bool) -> int:
    """Destroy what a term of ARRANGEMENT no longer lets the PSO keep, and print a certificate of what was and was not reached.

    PostgreSQL decides what that is, by the contract in effect; exit code 5 where the term does not ask for it. It cannot be
    undone. The login needs the role pso_custodian.
    """
    with session() as warehouse:
        document = contract(warehouse.documents(), id_)
        held = warehouse.held(id_)
        refuse_undue(document, grounds, today(), held)
        count = held.disposable(grounds)
        if not yes or not count:
            context.say(f"{count} events would be destroyed (dry run; add --yes)" if count else "nothing is to be destroyed")
            return exit_codes.OK
        noted = warehouse.destroy(id_, grounds, who, why)
    if noted is not None:
        context.put(_certificate(document, noted))
    return exit_codes.OK


@click.command()
@click.argument("id_", metavar="ARRANGEMENT")
def certificates(id_: str) -> None:
    """Print the certificates of everything of ARRANGEMENT that was handed over or destroyed, the oldest first."""
    with session() as warehouse:
        document = contract(warehouse.documents(), id_)
        context.put([_certificate(document, noted) for noted in warehouse.noted(id_)])


def _certificate(document: ArrangementDocument, noted: Noted) -> dict[str, Any]:
    told: dict[str, Any] = {"arrangement": document.id, "provider": document.parties.provider, "pso": document.parties.pso}
    told |= {name: value for name in Noted.__slots__ if (value := getattr(noted, name)) is not None}
    if noted.grounds == "exit":
        told |= {"permitted_by": DISPOSITION, "exit": msgspec.to_builtins(document.exit)}
    return told | (_reach(document.id) if noted.act == "destroyed" else {})


def _reach(id_: str) -> dict[str, Any]:
    """What of which copy was destroyed, and every copy that was not reached."""
    namespace = context.settings().text("PSO_NAMESPACE")
    topics = [topic for topic in all_topics([id_]) if topic.grade in (Grade.P0, Grade.P1) and topic.retention_ms < 0]
    return {
        "destroyed": list(_DESTROYED),
        "kept": list(_KEPT),
        "not_reached": {
            "topics_kept_for_ever": [namespace + topic.name for topic in topics],
            "others": ["backups of PostgreSQL that are older than this", "files that were handed over"],
        },
    }
