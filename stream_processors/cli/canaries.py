"""`pso canaries run|check`: does the whole flow still take out what is planted in its narratives?"""

import logging
import threading
from typing import Any

import click
from prometheus_client import CollectorRegistry

from schemas.taxonomy import NarrativeRelease
from stream_processors.cli import context, exit_codes
from stream_processors.cli.topics import topic_admin
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.canaries.canary import REPORTED_FROM, Canary
from stream_processors.domain.canaries.findings import findings
from stream_processors.domain.canaries.floors import FLOORS, ROUND
from stream_processors.domain.canaries.judgement import GRADES
from stream_processors.domain.rejection import Rejected
from stream_processors.domain.validation import validate
from stream_processors.metrics import CanaryMetrics
from stream_processors.runtime.canary_round import MOST, CanaryRounds, Round, flock
from stream_processors.runtime.clock import now_ms
from stream_processors.runtime.dead_letters import SOFTWARE
from stream_processors.runtime.health import HealthServer, nothing_wrong
from stream_processors.settings import InvalidSettings

LOG = logging.getLogger("pso.canaries")
NEEDED = (
    f"""test = true, narrative_release = "nonidentified", in_force_from = {REPORTED_FROM}, every category and report type"""
)

rate_option = click.option(
    "--rate",
    type=click.IntRange(1, MOST),
    default=ROUND,
    show_default=True,
    help="Canaries in a round; the floors are for 210.",
)
patience_option = click.option(
    "--patience", type=click.FloatRange(min=1), default=300, show_default=True, help="Seconds until a canary counts as lost."
)


@click.group()
def canaries() -> None:
    """Invented events with planted identifiers, through a test arrangement and the whole flow. They count nowhere."""


@canaries.command()
@rate_option
@patience_option
@context.json_option
def check(rate: int, patience: float, as_json: bool) -> int:
    """One round. Exit code 3 where recall is under a floor, too much is withheld or removed, or a canary got lost."""
    found = _Canaries.of(context.system([*context.KAFKA, *context.DATABASE, "PSO_CANARY_SEED_FILE"])).round(rate, patience)
    wrong = findings(found.judgement)
    if as_json:
        context.put(described(found))
    else:
        click.echo(f"{found.canaries} canaries in {found.seconds:.1f} s")
        for line in map(str, wrong):
            click.echo(f"  {line}")
        click.echo("clean" if not wrong else "NOT clean")
    return exit_codes.FOUND if wrong else exit_codes.OK


@canaries.command()
@click.option("--every", type=click.FloatRange(min=1), default=1800, show_default=True, help="Seconds between two rounds.")
@rate_option
@patience_option
def run(every: float, rate: int, patience: float) -> int:
    """Round after round until it is stopped, with the gauges under /metrics on PSO_HEALTH_PORT."""
    system = context.system([*context.KAFKA, *context.DATABASE, "PSO_CANARY_SEED_FILE"])
    rounds, metrics, pause = _Canaries.of(system), CanaryMetrics(CollectorRegistry(), SOFTWARE), threading.Event()
    metrics.ready.set(1)
    host, port = system.settings.text("PSO_HEALTH_HOST"), system.settings.whole("PSO_HEALTH_PORT")
    health = HealthServer(host, port, metrics.registry, live=nothing_wrong, ready=nothing_wrong)
    try:
        while True:
            found = rounds.round(rate, patience)
            for one in findings(found.judgement):
                LOG.warning("%s", one)
            show(metrics, found)
            pause.wait(every)
    finally:
        health.close()


class _Canaries:
    """Rounds through the test arrangement of one system."""

    def __init__(self, rounds: CanaryRounds, seed: bytes) -> None:
        self._rounds = rounds
        self._seed = seed

    @classmethod
    def of(cls, system: context.System) -> "_Canaries":
        """Raises InvalidSettings where there is no test arrangement, or its topic is not there."""
        arrangement, found = _test_arrangement(system), system.settings
        if topic_admin(system).missing([arrangement.entry]):
            raise InvalidSettings([f"topic {system.wire.name(arrangement.entry)} is missing: run `pso topics create`"])
        name = system.wire.name(arrangement.entry)
        database = found.text("PSO_DATABASE_URL"), found.database_password
        return cls(CanaryRounds(found.connection, system.codec, arrangement, name, *database), found.canary_seed)

    def round(self, rate: int, patience: float) -> Round:
        """Publish, await, judge."""
        some = flock(now_ms(), rate, self._seed, self._rounds.arrangement)
        _refuse_foreign(some, self._rounds.arrangement)
        return self._rounds.run(some, patience)


def _test_arrangement(system: context.System) -> Arrangement:
    tests = [one for one in system.arrangements.by_topic.values() if one.test]
    if not tests:
        raise InvalidSettings([f"PSO_ARRANGEMENTS_FILE has no test arrangement: add one with {NEEDED}"])
    return next((one for one in tests if one.narrative_release is NarrativeRelease.NONIDENTIFIED), tests[0])


def _refuse_foreign(some: list[Canary], arrangement: Arrangement) -> None:
    """A canary that its arrangement does not take would be lost for a reason that says nothing about the flow."""
    if arrangement.narrative_release is not NarrativeRelease.NONIDENTIFIED:
        raise InvalidSettings(
            [f"{arrangement.id} lets no narrative into every grade, so nothing can be compared: give it {NEEDED}"]
        )
    for one in some:
        try:
            validate(one.event, arrangement)
        except Rejected as error:
            told = f"{arrangement.id} takes no canaries ({error.reason}, {error.path}): give it {NEEDED}"
            raise InvalidSettings([told]) from None


def show(metrics: CanaryMetrics, found: Round) -> None:
    """A round as gauges. Of what nothing came out to be judged there is no recall: an old figure would say that all is well."""
    judgement = found.judgement
    for type_, floor in FLOORS.items():
        for grade in GRADES:
            least, recall = floor.of(grade), judgement.recall(grade, type_)
            if least is None:
                continue
            metrics.floor.labels(grade=grade, type=type_).set(least)
            if recall is not None:
                metrics.recall.labels(grade=grade, type=type_).set(recall)
            else:
                metrics.recall.remove(grade, type_)
    for grade in GRADES:
        metrics.false_removal.labels(grade=grade).set(judgement.false_removal(grade) or 0)
        metrics.quarantined.labels(grade=grade).set(judgement.quarantined[grade])
        metrics.lost.labels(grade=grade).set(judgement.lost[grade])
    metrics.published.set(found.canaries)
    metrics.seconds.set(found.seconds)
    metrics.at.set(now_ms() / 1000)


def described(found: Round) -> dict[str, Any]:
    """A round as JSON."""
    judgement, wrong = found.judgement, findings(found.judgement)
    recall = {grade: {type_: judgement.recall(grade, type_) for type_, f in FLOORS.items() if f.of(grade)} for grade in GRADES}
    return {
        "canaries": found.canaries,
        "seconds": round(found.seconds, 2),
        "recall": recall,
        "false_removal": {grade: judgement.false_removal(grade) for grade in GRADES},
        "quarantined": {grade: judgement.quarantined[grade] for grade in GRADES},
        "lost": {grade: judgement.lost[grade] for grade in GRADES},
        "findings": [one._asdict() for one in wrong],
        "clean": not wrong,
    }
