"""`pso provider connect`: what a large system with a Kafka client of its own needs, and what the broker is to be told."""

import click
import msgspec

from schemas.topics import submitted
from stream_processors.cli import context
from stream_processors.domain.registry.direct_connection import DirectConnection, connection_of, refuse_stranger
from stream_processors.warehouse.providers import registry

BYTES_A_SECOND = 2_097_152


@click.command()
@click.argument("id_", metavar="PROVIDER")
@click.option("--arrangement", "arrangement_id", required=True, metavar="ARRANGEMENT", help="Under which it reports.")
@click.option(
    "--byte-rate",
    type=click.IntRange(min=1024),
    default=BYTES_A_SECOND,
    show_default=True,
    help="Bytes a second that it may write on each broker.",
)
@context.json_option
def connect(id_: str, arrangement_id: str, byte_rate: int, as_json: bool) -> None:
    """Show topic, access list, quota and client settings for PROVIDER. Nothing is set up; no password is made or shown.

    It may write to its own entry topic and see that it exists, and nothing else. Exit code 5 where it may not be connected.
    """
    system = context.system(context.KAFKA)
    found = system.settings
    url = found.text("PSO_DATABASE_URL")
    known = registry(url, found.database_password) if url else None
    named = system.arrangements.by_topic.get(submitted(arrangement_id).name)
    arrangement = refuse_stranger(id_, named, known)
    servers = found.text("PSO_KAFKA_BOOTSTRAP_SERVERS")
    made = connection_of(arrangement, found.text("PSO_NAMESPACE"), servers, byte_rate)
    if as_json:
        context.put(msgspec.to_builtins(made) | {"commands": list(made.commands())})
    else:
        _tell(made)
    if not url:
        context.say("pso: PSO_DATABASE_URL is not set: the registry was not asked")


def _tell(made: DirectConnection) -> None:
    click.echo(f"topic      {made.topic}\nprincipal  {made.principal}")
    for one in made.access:
        click.echo(f"access     {one.permission} {one.operation} on topic {one.topic} ({one.pattern.lower()})")
    for name, value in msgspec.structs.asdict(made.quota).items():
        click.echo(f"quota      {name} {value}")
    click.echo("\n# for Kafka's own tools, with --bootstrap-server and --command-config of an administrator")
    click.echo("# scram.properties holds one line, SCRAM-SHA-512=[password=THE PASSWORD], and is deleted afterwards")
    for line in made.commands():
        click.echo(line)
    click.echo("\n# for the provider; the password goes into a file that PSO_KAFKA_PASSWORD_FILE names")
    for name, value in made.environment.items():
        click.echo(f"{name}={value}")
