"""What `send` and `flush` share: an outbox is emptied into its topic, and somebody may watch the metrics."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import click
from prometheus_client import CollectorRegistry, start_http_server

from producers.clock import system_clock
from producers.commands.presentation import sending_bar, talk
from producers.failure import ExitCode, Failure
from producers.metrics import Metrics
from producers.outbox import Outbox, State
from producers.progress import Progress
from producers.publisher import Publisher
from producers.settings import Destination
from producers.stopping import asked_to_stop


@dataclass(frozen=True, slots=True)
class Sending:
    """How patient to be with the broker, in seconds, and the metrics of this process."""

    timeout: float
    metrics: Metrics

    def empty(self, outbox: Outbox, destination: Destination) -> Progress:
        """Sends what waits. Raises Failure when the broker is away or refuses; with nothing to send it is not asked."""
        waiting = outbox.counts()[State.CAPTURED]
        self.metrics.observe(outbox, system_clock())
        if not waiting:
            return Progress()
        publisher = Publisher(destination, self.timeout)
        try:
            with sending_bar(waiting) as bar:
                return publisher.publish(outbox, lambda progress: bar.done(progress.delivered))
        finally:
            self.metrics.produced(publisher.progress)
            self.metrics.observe(outbox, system_clock())


def again_and_again(work: Callable[[], object], every: float) -> ExitCode:
    """Works, pauses for `every` seconds, and so on until SIGTERM or Ctrl-C; outlasts a broker that is away."""
    asked = asked_to_stop()
    while not asked.is_set():
        try:
            work()
        except Failure as failure:
            if failure.code is not ExitCode.UNAVAILABLE:
                raise
            talk(f"{failure}; next try in {every:g} s")
        asked.wait(every)
    return ExitCode.OK


def sending_options(command: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
    """--timeout, --metrics-port and --metrics-host, handed to the command as `sending`."""

    @wraps(command)
    def with_sending(timeout: float, metrics_port: int | None, metrics_host: str, **others: object) -> ExitCode:
        return command(sending=Sending(timeout, _served(metrics_port, metrics_host)), **others)

    patience = click.option(
        "--timeout",
        default=60.0,
        show_default=True,
        type=click.FloatRange(min=1),
        metavar="SECONDS",
        help="How long an event may wait for a broker that went away.",
    )
    port = click.option(
        "--metrics-port", type=click.IntRange(1, 65535), metavar="PORT", help="Serve Prometheus metrics while running."
    )
    host = click.option(  # not all interfaces: the fact of reporting is protected (42 CFR 3.20)
        "--metrics-host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to serve them."
    )
    return patience(port(host(with_sending)))


def _served(port: int | None, host: str) -> Metrics:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    if port is not None:
        try:
            start_http_server(port, host, registry)
        except OSError as error:
            raise Failure(f"metrics on {host}:{port}: {error.strerror}: give --metrics-port another port") from None
    return metrics
