"""`pso quality`: how good is what each provider sends, what is worst, and what can be done about it?"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import click
from prometheus_client import CollectorRegistry

from stream_processors.cli import context, exit_codes
from stream_processors.cli.quality_report import as_data, show
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.quality.distribution import spreads
from stream_processors.domain.quality.providers import Quality, measured
from stream_processors.metrics import QualityMetrics
from stream_processors.runtime.clock import now_ms
from stream_processors.runtime.dead_letters import SOFTWARE
from stream_processors.runtime.health import HealthServer, nothing_wrong
from stream_processors.settings import Settings
from stream_processors.warehouse.narratives import NoEvent
from stream_processors.warehouse.quality import Asked, QualitySession


class StoredNoEvent(click.ClickException):
    """A stored row that this version cannot read: its place, never its content."""

    exit_code = exit_codes.FAILED


@click.command()
@click.option("--provider", metavar="P", help="Only this provider.")
@click.option(
    "--since", metavar="D", type=click.DateTime(["%Y-%m-%d"]), help="Only what was loaded on this day (UTC) or later."
)
@click.option("--near-copies", "near", is_flag=True, help="Compare texts, too; holds the events of one provider in memory.")
@click.option("--every", type=click.FloatRange(min=60), help="Repeat after this many seconds, and serve the gauges.")
@context.json_option
def quality(provider: str | None, since: datetime | None, near: bool, every: float | None, as_json: bool) -> int:
    """Measure completeness, validity, delays, vague codes, unmapped values and copies; the worst first, with what to do.

    It names providers and is grade P0 (42 CFR 3.20): only for the PSO's workforce, never outside. The login needs the roles
    pso_analyst_protected and pso_operator. Each run is kept in protected.quality_runs and protected.quality_measures.
    Invented events and withdrawals do not count; of an event its revision of now does. With --every it runs until it is
    stopped and prints nothing: /metrics on PSO_HEALTH_PORT shows the middle and the worst tenth of ten providers or more,
    never a provider.
    """
    found = context.settings([*context.DATABASE, *context.ARRANGEMENTS])
    arrangements = context.arrangements_of(found)
    asked = Asked(provider, since.date() if since else None, near)
    if provider is not None and provider not in {one.provider for one in arrangements.by_topic.values()}:
        raise click.UsageError("no arrangement of PSO_ARRANGEMENTS_FILE is with this provider")
    if every is not None:
        _again_and_again(found, arrangements, asked, every)
    run, qualities = _once(found, arrangements, asked)
    if as_json:
        context.put(as_data(run, asked, qualities))
    else:
        show(run, qualities)
    return exit_codes.OK


def _once(found: Settings, arrangements: Arrangements, asked: Asked) -> tuple[int, list[Quality]]:
    """Measure, and keep what was measured, in one transaction."""
    url, password = found.text("PSO_DATABASE_URL"), found.database_password
    try:
        with QualitySession.open(url, asked, password) as session:
            refused = _of_providers(session.refused(), arrangements, found.text("PSO_NAMESPACE"))
            qualities = list(_measured(session, refused))
            return session.keep(qualities, SOFTWARE), qualities
    except NoEvent as error:
        raise StoredNoEvent(str(error)) from None


def _measured(session: QualitySession, refused: Mapping[str, Mapping[str, int]]) -> Iterator[Quality]:
    silent = {provider: reasons for provider, reasons in refused.items() if session.asked.provider in (None, provider)}
    for provider, events in session.events():
        yield from measured(provider, events, silent.pop(provider, {}), near=session.asked.near)
    for provider, reasons in silent.items():
        yield from measured(provider, (), reasons)


def _of_providers(
    by_topic: Mapping[str, Mapping[str, int]], arrangements: Arrangements, namespace: str
) -> Mapping[str, Mapping[str, int]]:
    """The entry topic alone says whose a record was: its bytes may lie. Those of test arrangements are left out."""
    known = {namespace + name: one for name, one in arrangements.by_topic.items()}
    if foreign := sum(sum(reasons.values()) for topic, reasons in by_topic.items() if topic not in known):
        context.say(f"{foreign} refused records came through topics that no arrangement of the file has; they are left out")
    mine = {topic: one.provider for topic, one in known.items() if not one.test and topic in by_topic}
    return {provider: by_topic[topic] for topic, provider in mine.items()}


def _again_and_again(found: Settings, arrangements: Arrangements, asked: Asked, every: float) -> None:
    if asked.provider is not None:
        raise click.UsageError("--every shows what lies across providers, so it takes no --provider")
    metrics, pause = QualityMetrics(CollectorRegistry(), SOFTWARE), threading.Event()
    metrics.ready.set(1)
    host, port = found.text("PSO_HEALTH_HOST"), found.whole("PSO_HEALTH_PORT")
    health = HealthServer(host, port, metrics.registry, live=nothing_wrong, ready=nothing_wrong)
    try:
        while True:
            _, qualities = _once(found, arrangements, asked)
            gauge(metrics, qualities)
            pause.wait(every)
    finally:
        health.close()


def gauge(metrics: QualityMetrics, qualities: Iterable[Quality]) -> None:
    """What lies across providers; a measure that too few have leaves no old figure behind."""
    metrics.median.clear()
    metrics.worst_decile.clear()
    for spread in spreads(qualities):
        metrics.median.labels(measure=spread.measure).set(spread.median)
        metrics.worst_decile.labels(measure=spread.measure).set(spread.worst_decile)
    metrics.at.set(now_ms() / 1000)
