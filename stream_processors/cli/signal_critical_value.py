"""`pso signals critical-value`: the boundary of a MaxSPRT, computed for the design that was fixed beforehand."""

from collections.abc import Sequence
from itertools import accumulate

import click
import msgspec

from stream_processors.cli import context, exit_codes
from stream_processors.domain.signals import binomial_maxsprt, poisson_maxsprt
from stream_processors.domain.signals.conservative_boundary import Boundary
from stream_processors.domain.signals.unattainable import Unattainable

FEWEST = click.IntRange(1, 1000)
LONGEST = click.IntRange(1, 2000)
ALPHA = click.FloatRange(1e-7, 0.5)


class NoSuchTest(click.ClickException):
    """The design has no critical value; the message says why."""

    exit_code = exit_codes.FAILED


@click.command("critical-value")
@click.option("--model", type=click.Choice(["poisson", "binomial"]), required=True, help="What varies by chance.")
@click.option("--T", "horizon", type=click.FloatRange(0, 5000, min_open=True), help="Poisson: events expected until the end.")
@click.option("--N", "most", type=LONGEST, help="Binomial: events, exposed or not, until the end.")
@click.option("--z", "ratio", type=click.FloatRange(0, min_open=True), help="Binomial: controls to one case, as matched.")
@click.option("--M", "fewest", type=FEWEST, default=1, show_default=True, help="Fewest events (binomial: cases) of a signal.")
@click.option("--alpha", type=ALPHA, default=0.05, show_default=True, help="Probability of any false signal until the end.")
@click.option("--groups", help="Sizes of groups between looks, as 10,10,15; one size for all. [default: look at every event]")
@context.json_option
def critical_value(**options: object) -> int:
    """Print the log likelihood ratio at which a MaxSPRT signals, for looks at every event or after groups.

    Poisson needs --T, binomial --N and --z. Counts of groups are discrete: the alpha that is attained is below the one asked
    for, and --json tells it. Fix the design before the first look.
    """
    as_json = bool(options.pop("as_json"))
    design = msgspec.convert(options, Design)
    try:
        found = _poisson(design) if design.model == "poisson" else _binomial(design)
    except Unattainable as error:
        raise NoSuchTest(str(error)) from None
    if as_json:
        context.put({"critical_value": found.critical_value, "alpha_attained": found.alpha} | msgspec.to_builtins(design))
    else:
        click.echo(f"{found.critical_value:.6f}")
    return exit_codes.OK


class Design(msgspec.Struct, frozen=True):
    """What the options say."""

    model: str
    fewest: int
    alpha: float
    horizon: float | None
    most: int | None
    ratio: float | None
    groups: str | None


def _poisson(design: Design) -> Boundary:
    if design.horizon is None or design.most is not None or design.ratio is not None:
        raise click.UsageError("the Poisson model takes --T, and neither --N nor --z")
    if design.groups is None:
        return poisson_maxsprt.critical_value(design.horizon, design.fewest, design.alpha)
    sizes = _sizes(design.groups)
    if len(sizes) == 1:
        sizes = [sizes[0]] * max(1, round(design.horizon / sizes[0]))
    looks = list(accumulate(sizes))
    if abs(looks[-1] - design.horizon) > 1e-9 * design.horizon:
        raise click.UsageError(f"--groups sum up to {looks[-1]:g}, not to --T {design.horizon:g}")
    return poisson_maxsprt.group_critical_value(looks, design.fewest, design.alpha)


def _binomial(design: Design) -> Boundary:
    if design.most is None or design.ratio is None or design.horizon is not None:
        raise click.UsageError("the binomial model takes --N and --z, and not --T")
    sizes = [1.0] if design.groups is None else _sizes(design.groups)
    if any(size != int(size) for size in sizes):
        raise click.UsageError("--groups of the binomial model are whole numbers")
    try:
        looks = binomial_maxsprt.look_times(design.most, [int(size) for size in sizes])
    except ValueError as error:
        raise click.UsageError(f"--groups: {error}") from None
    return binomial_maxsprt.critical_value(looks, design.ratio, design.fewest, design.alpha)


def _sizes(text: str) -> Sequence[float]:
    try:
        sizes = [float(size) for size in text.split(",")]
    except ValueError:
        raise click.UsageError("--groups are numbers with commas between") from None
    if not all(0 < size < 1e6 for size in sizes):
        raise click.UsageError("--groups are positive numbers")
    return sizes
