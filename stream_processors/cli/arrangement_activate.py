"""`pso arrangement activate`: puts a version of a contract in force, by writing it to its topic."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from schemas import headers, topics
from schemas.codec import Codec, Undecodable
from schemas.records import ArrangementActivated
from schemas.records.values import Instant
from stream_processors.cli import context, exit_codes
from stream_processors.cli.arrangement_files import document_file, text_of
from stream_processors.cli.arrangement_history import described
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.contract.activation import LEAD, contradictions, first_of_each, milliseconds
from stream_processors.domain.contract.compiling import compiled
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.reading import InvalidDocument, parse_document
from stream_processors.domain.faults import Fault
from stream_processors.domain.registry.parties import refuse_strangers, without_their_names
from stream_processors.runtime.clock import now_ms
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.messages import Outgoing
from stream_processors.warehouse.providers import registry


@click.command()
@click.argument("source", metavar="DOCUMENT", type=document_file)
@context.by_option
@click.option("--reason", "why", required=True, help="Why; kept with the version.")
@click.option("--from", "start", metavar="INSTANT", help="From when on, as 2026-07-01T00:00:00Z; never within a minute.")
@click.option("--dry-run", is_flag=True, help="Say what would be activated; nothing is written.")
@context.json_option
def activate(source: Path, who: str, why: str, start: str | None, **how: bool) -> int:
    """Put the version in DOCUMENT in force for every event that enters from then on. It is followed, never taken back.

    Exit code 5 where it lets out what the law does not, or where its parties are not whom the registry knows; 2 where it cannot
    follow what is in force.
    """
    text, writes = text_of(source), not how["dry_run"]
    document = parse_document(text)
    policy = compiled(document)
    system = context.system(context.KAFKA)
    record = ArrangementActivated(
        policy.id, policy.policy_version, policy.provider, _instant(start), document=text, activated_by=who, reason=why
    )
    if _is_there(system, record):
        context.say(f"{policy.id} version {policy.policy_version} is activated already")
        return exit_codes.OK
    known = system.arrangements.by_topic
    if found := [*_stale(policy, known), *contradictions(policy, known)]:
        raise InvalidDocument(found)
    _compare(system, document)
    if writes:
        _write(system, record)
    if how["as_json"]:
        context.put(described(record) | {"written": writes})
    held = "holds" if writes else "would hold (dry run)"
    context.say(f"{policy.id} version {policy.policy_version} {held} from {record.effective_at}")
    if policy.entry.name not in known:
        context.say("its entry topic is new: `pso topics create`, then restart workers and sinks one after another")
    return exit_codes.OK


def _compare(system: context.System, document: ArrangementDocument) -> None:
    """Against the registry, where there is a warehouse. Raises RegistryDisagrees, Unavailable."""
    url = system.settings.text("PSO_DATABASE_URL")
    if url:
        known = registry(url, system.settings.database_password)
        refuse_strangers(document, known)
        if unlisted := without_their_names(document, known):
            context.say(
                f"pso: parties.names does not list what the registry calls {', '.join(unlisted)}: those names stay in words"
            )
    else:
        context.say("pso: PSO_DATABASE_URL is not set: the registry was not asked who the parties are")


def _is_there(system: context.System, record: ArrangementActivated) -> bool:
    """Whether this version is activated with this text: whoever was interrupted may say it again."""
    there = first_of_each(system.activated().activations())
    return any(_says(one.record, record) for one in there)


def _says(one: ArrangementActivated, other: ArrangementActivated) -> bool:
    names = ("arrangement", "policy_version", "document")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _stale(policy: Arrangement, known: Mapping[str, Arrangement]) -> Iterator[Fault]:
    before = known.get(policy.entry.name)
    if before is not None and policy.policy_version <= before.policy_version:
        yield Fault("version", f"is not above {before.policy_version}, which there is: a changed contract is a new version")


def _instant(start: str | None) -> str:
    """When it shall hold: as soon as every worker can know it, or at the instant that was named."""
    if start is None:
        return datetime.fromtimestamp((now_ms() + LEAD) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        milliseconds(msgspec.convert(start, Instant))
    except ValueError:  # msgspec's errors are among them; the 30th of February is one of its own
        raise click.BadParameter("is an instant in UTC, as 2026-07-01T00:00:00Z", param_hint="--from") from None
    return start


def _readable(codec: Codec, record: ArrangementActivated) -> bytes:
    """The bytes, if everybody can read them: what nobody can read would stop every worker and cannot be taken back."""
    value = codec.encode(record)
    try:
        codec.decode(value, ArrangementActivated)
    except Undecodable as error:
        raise click.UsageError(f"{error.path or 'the document'} is too long, or not as it should be ({error.reason})") from None
    return value


def _write(system: context.System, record: ArrangementActivated) -> None:
    topic = topics.ARRANGEMENTS_ACTIVATED
    pairs = [(headers.RECORD, headers.label(type(record))), (headers.GRADE, topic.grade.encode())]
    outgoing = Outgoing(system.wire.name(topic), None, topic.key(record).encode(), _readable(system.codec, record), pairs)
    delivery = Delivery(system.settings.connection, client_id="pso-arrangement")
    try:
        delivery.deliver([outgoing])
    finally:
        delivery.close()
