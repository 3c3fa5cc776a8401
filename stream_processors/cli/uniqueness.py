"""`pso uniqueness snapshot|list`: the counts of which the nonidentifiable disclosure asks what is rare."""

import secrets
from dataclasses import asdict, dataclass
from typing import Any

import click

from stream_processors.cli import context
from stream_processors.domain.deidentification.refresh import Refresh, refresh
from stream_processors.domain.deidentification.snapshot import rarity_of, snapshot
from stream_processors.domain.deidentification.uniqueness import Policy
from stream_processors.domain.deidentification.version import hash_of
from stream_processors.warehouse.combinations import Maker, counted_events, kept_snapshots, store_snapshot
from stream_processors.warehouse.narratives import NoEvent

EVENTS, CONTRIBUTORS = 20, 3
"""One of twenty is what agencies ask of data that anybody may have (a risk of 0.05); no law names a number."""

_WITHHOLD = "Withhold an event whose category, kind of provider and year too few share; else it leaves telling just those."
_WHO = "Who makes it, a name or staff number of the PSO's workforce."


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, on the command line. Raises click.UsageError where nobody stands behind it."""

    events: int
    contributors: int
    withhold: bool
    who: str
    why: str

    def __post_init__(self) -> None:
        if not (self.who.strip() and self.why.strip()):
            raise click.UsageError("--by and --reason are kept: say who and why")

    @property
    def maker(self) -> Maker:
        """Who is written down."""
        return Maker(self.who.strip(), self.why.strip())


@click.group()
def uniqueness() -> None:
    """Rare characteristics: what P2 records may tell is decided by pooled counts (42 CFR 3.212(a)(2)(i)(D))."""


@uniqueness.command("snapshot")
@click.option("--events", type=click.IntRange(1), default=EVENTS, show_default=True, help="Must share a combination.")
@click.option("--contributors", type=click.IntRange(1), default=CONTRIBUTORS, show_default=True, help="They must come from.")
@click.option("--withhold", is_flag=True, help=_WITHHOLD)
@click.option("--by", "who", required=True, help=_WHO)
@click.option("--reason", "why", required=True, help="Why; kept with it.")
@context.json_option
def make(as_json: bool, **given: Any) -> None:
    """Count the stored events, keep the counts and say what would change.

    Nothing changes by it: workers ask the snapshot that PSO_UNIQUENESS_SNAPSHOT names.
    """
    asked = Asked(**given)
    found = context.settings(context.DATABASE)
    before = context.rarity(found)
    url, password = found.text("PSO_DATABASE_URL"), found.database_password
    try:
        counted = counted_events(url, password)
    except NoEvent as error:
        raise click.ClickException(str(error)) from None
    policy = Policy(asked.events, asked.contributors)
    content = snapshot(counted, policy, secrets.token_hex(16), withholds=asked.withhold)
    change = refresh(counted, before, rarity_of(content, hash_of(content)))
    stored = store_snapshot(url, content, change.events, asked.maker, password)
    if as_json:
        context.put({"snapshot": stored, "in_force": found.text("PSO_UNIQUENESS_SNAPSHOT"), **asdict(change)})
        return
    click.echo(stored)
    _say(change)


def _say(change: Refresh) -> None:
    context.say(
        f"{change.events} events: {change.same} as now, {change.more_general} told in more general words, "
        f"{change.more_told} tell more, {change.withheld} withheld"
    )
    for field, events in change.given_up.items():
        context.say(f"{events} would not tell their {field.replace('_', ' ')}")


@uniqueness.command("list")
@context.json_option
def list_(as_json: bool) -> None:
    """The snapshots that are kept, the newest first, and which of them the settings name."""
    found = context.settings(context.DATABASE)
    named = found.text("PSO_UNIQUENESS_SNAPSHOT")
    kept = kept_snapshots(found.text("PSO_DATABASE_URL"), found.database_password)
    if as_json:
        context.put({"in_force": named, "snapshots": [one._asdict() for one in kept]})
        return
    for one in kept:
        mark = "  in force" if one.hash == named else ""
        click.echo(f"{one.hash}  {one.made_at:%Y-%m-%d}  {one.events} events  by {one.made_by}: {one.reason}{mark}")
    if named in ("", "off"):
        context.say(
            "no snapshot is in force: " + ("nothing is asked" if named else "every P2 record has its most general form")
        )
