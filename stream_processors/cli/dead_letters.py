"""`pso dead-letters list|show|replay`."""

from collections.abc import Sequence

import click

from stream_processors.cli import context, exit_codes
from stream_processors.domain.rejection import Reason
from stream_processors.runtime.dead_letter_desk import Choice, DeadLetter, DeadLetterDesk, counted, replay
from stream_processors.runtime.delivery import Delivery
from stream_processors.shapes import Accumulator
from stream_processors.warehouse.replays import mark_replayed


@click.group("dead-letters")
def dead_letters() -> None:
    """Records that could not go on: count them, look at them, send them back. Their content is never printed."""


def desk(system: context.System) -> DeadLetterDesk:
    """The dead letters of this system."""
    return DeadLetterDesk(system.settings.connection, system.wire, system.topology.topics)


@dead_letters.command("list")
@click.option("--reason", type=click.Choice([str(reason) for reason in Reason]), help="Only this reason code.")
@click.option("--step", help="Only from this step or sink.")
@context.json_option
def list_(reason: str | None, step: str | None, as_json: bool) -> None:
    """Dead letters with position, reason and field path."""
    letters = list(desk(context.system(context.KAFKA)).letters(Choice(reason, step)))
    if as_json:
        context.put({"count": len(letters), "by_reason": counted(letters), "letters": [x.described() for x in letters]})
        return
    for letter in letters:
        row = letter.described()
        click.echo(f"{row['position']}  {row['reason']} {row['path']}  by {row['step']}  from {row['origin']}".rstrip())
    context.say(f"{len(letters)} dead letters: " + (", ".join(f"{n} {r}" for r, n in counted(letters).items()) or "none"))


@dead_letters.command()
@click.argument("position")
def show(position: str) -> int:
    """Everything about the dead letter at POSITION (topic:partition:offset), but not its content."""
    letters = list(desk(context.system(context.KAFKA)).letters(Choice(position=position)))
    if not letters:
        context.say("there is no dead letter at topic:partition:offset: `pso dead-letters list` shows them all")
        return exit_codes.FAILED
    context.put(letters[0].described())
    return exit_codes.OK


@dead_letters.command("replay")
@click.option("--reason", type=click.Choice([str(reason) for reason in Reason]), help="Only this reason code.")
@click.option("--step", help="Only from this step or sink.")
@click.option("--position", help="Only the one at topic:partition:offset.")
@click.option("--yes", is_flag=True, help="Really send them; without it nothing is sent.")
@context.json_option
@click.option("--all", "everything", is_flag=True, help="All of them: without a choice, nothing is chosen.")
def replay_(everything: bool, yes: bool, as_json: bool, **chosen: str | None) -> int:
    """Send dead letters back, byte for byte, to the topics they came from. A dry run unless --yes is given.

    Sending one twice changes nothing: every effect is keyed by event and revision.
    """
    if not everything and not any(chosen.values()):
        raise click.UsageError("choose with --reason, --step or --position, or say --all")
    system = context.system(context.KAFKA)
    letters = list(desk(system).letters(Choice(**chosen)))
    if fenced := _of_fenced_topics(system, letters):
        context.say(f"{fenced} of them came from topics that only a fenced fold may write: an old count would become final")
        return exit_codes.REFUSED
    if yes:
        delivery = Delivery(system.settings.connection, client_id="pso-dead-letter-desk")
        positions = replay(letters, delivery)
        delivery.close()
        if system.settings.text("PSO_DATABASE_URL"):
            mark_replayed(system.settings.text("PSO_DATABASE_URL"), positions, system.settings.database_password)
    if as_json:
        context.put({"chosen": len(letters), "by_reason": counted(letters), "sent": len(letters) if yes else 0})
    verb = "sent back" if yes else "would be sent back (dry run; add --yes)"
    context.say(f"{len(letters)} dead letters {verb}: {counted(letters)}")
    return exit_codes.OK


def _of_fenced_topics(system: context.System, letters: Sequence[DeadLetter]) -> int:
    """Compaction keeps the last written: what an Accumulator writes may come from its fenced producer alone."""
    fenced = {system.wire.name(s.writes) for s in system.topology.steps if isinstance(s, Accumulator)}
    return sum(letter.death.position.topic in fenced for letter in letters)
