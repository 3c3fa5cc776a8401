"""`pso topics create|verify`: the broker's topics against the table of topics."""

import dataclasses

import click

from stream_processors.cli import context, exit_codes
from stream_processors.runtime.topic_admin import TopicAdmin


@click.group()
def topics() -> None:
    """Create and verify the topics, their dead letters included."""


def topic_admin(system: context.System) -> TopicAdmin:
    """The topics of this system on its broker."""
    found = system.settings
    return TopicAdmin(found.connection, system.wire, found.whole("PSO_PARTITIONS"), found.whole("PSO_REPLICATION_FACTOR"))


@topics.command()
@context.json_option
def create(as_json: bool) -> None:
    """Create what is missing. Existing topics are never changed."""
    system = context.system(context.KAFKA)
    created = topic_admin(system).create(system.topology.topics)
    if as_json:
        context.put({"created": created})
    else:
        context.say(f"{len(created)} topics created, {len(system.topology.topics) - len(created)} were there")


@topics.command()
@context.json_option
def verify(as_json: bool) -> int:
    """Compare the broker with the table; exit code 3 when they differ."""
    system = context.system(context.KAFKA)
    faults = topic_admin(system).verify(system.topology.topics)
    if as_json:
        context.put({"topics": len(system.topology.topics), "faults": [dataclasses.asdict(fault) for fault in faults]})
    for fault in faults:
        context.say(f"{fault.topic}: {fault.fault}")
    if not faults:
        context.say(f"{len(system.topology.topics)} topics are as declared")
    return exit_codes.FOUND if faults else exit_codes.OK
