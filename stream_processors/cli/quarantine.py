"""`pso quarantine list|show|release`: records that a disclosure withheld, and what a person decides about them."""

import click

from stream_processors.cli import context, exit_codes
from stream_processors.cli.dead_letters import desk
from stream_processors.domain.rejection import Reason
from stream_processors.runtime.dead_letter_desk import Choice, DeadLetter, counted_by_path
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.quarantine import QuarantineDesk
from stream_processors.shapes import Disclosure
from stream_processors.warehouse.decisions import decide, decided
from stream_processors.warehouse.vault import Vault


@click.group()
def quarantine() -> None:
    """Records whose de-identification could not be vouched for. Their content is never printed."""


def _letters(system: context.System, position: str | None = None) -> list[DeadLetter]:
    return list(desk(system).letters(Choice(reason=Reason.QUARANTINED, position=position)))


@quarantine.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that somebody decided about, too.")
@context.json_option
def list_(everything: bool, as_json: bool) -> None:
    """Quarantined records with the field that could not be vouched for."""
    system = context.system([*context.KAFKA, *context.DATABASE])
    done = decided(system.settings.text("PSO_DATABASE_URL"), system.settings.database_password)
    letters = [x for x in _letters(system) if everything or x.incoming.position not in done]
    if as_json:
        context.put({"count": len(letters), "by_path": counted_by_path(letters), "letters": [x.described() for x in letters]})
        return
    for letter in letters:
        click.echo(f"{letter.incoming.position}  {letter.death.path}  by {letter.death.step}")
    context.say(f"{len(letters)} quarantined records")


@quarantine.command()
@click.argument("position")
def show(position: str) -> int:
    """Everything about the quarantined record at POSITION (topic:partition:offset), but not its content."""
    letters = _letters(context.system(context.KAFKA), position)
    if not letters:
        context.say("there is no quarantined record at that position: `pso quarantine list` shows them all")
        return exit_codes.FAILED
    context.put(letters[0].described())
    return exit_codes.OK


@quarantine.command()
@click.argument("position")
@click.option("--without-narratives", is_flag=True, required=True, help="The only release there is: the words stay here.")
@context.by_option
@click.option("--reason", "why", required=True, help="Why; kept with the decision in the protected schema.")
@click.option("--yes", is_flag=True, help="Really release it; without it nothing happens.")
def release(position: str, without_narratives: bool, who: str, why: str, yes: bool) -> int:
    """Let the quarantined record at POSITION go on in its grade without its narratives, and keep who decided it and why."""
    assert without_narratives, "click requires it"
    system = context.system([*context.KAFKA, *context.DATABASE], context.rarity)
    letters = _letters(system, position)
    if not letters:
        context.say("there is no quarantined record at that position: `pso quarantine list` shows them all")
        return exit_codes.FAILED
    (letter,) = letters
    outputs = _quarantine_desk(system).without_narratives(letter)
    if not yes:
        context.say(f"{len(outputs)} records would be released by {letter.death.step} (dry run; add --yes)")
        return exit_codes.OK
    url, password = system.settings.text("PSO_DATABASE_URL"), system.settings.database_password
    decide(url, letter.incoming.position, who, why, password)  # first: a release without a decision may not exist
    delivery = Delivery(system.settings.connection, client_id="pso-quarantine")
    delivery.deliver(outputs)
    delivery.close()
    context.say(f"{len(outputs)} records released by {letter.death.step}; the decision is kept")
    return exit_codes.OK


def _quarantine_desk(system: context.System) -> QuarantineDesk:
    found = system.settings
    vault = Vault(found.text("PSO_DATABASE_URL"), found.database_password)
    disclosures = {step.name: step for step in system.topology.steps if isinstance(step, Disclosure)}
    return QuarantineDesk(disclosures, system.codec, system.wire, found.whole("PSO_PARTITIONS"), vault.surrogates)
