"""`pso schemas register`: the bundled Avro schemas into a Confluent-compatible registry."""

import click

from schemas.catalogue import bundled
from schemas.registry import connect, register
from stream_processors.cli import context


@click.group()
def schemas() -> None:
    """Avro schemas of the topics."""


@schemas.command("register")
def register_() -> None:
    """Register every schema under its topic's subject. What is there already stays; another schema there is refused."""
    system = context.system(["PSO_SCHEMA_REGISTRY_URL"])
    client = connect({"url": system.settings.text("PSO_SCHEMA_REGISTRY_URL")})
    register(client, system.topology.topics, bundled(), system.settings.text("PSO_NAMESPACE"))
    context.say("every schema is registered")
