"""`python -m tests.benchmarks.surveillance`: hidden clusters, and who finds them. Choices were made on seeds below 400."""

import click
import numpy as np

from tests.benchmarks.surveillance.scenario import SHAPES
from tests.benchmarks.surveillance.trial import Found, trial

HEAD = f"{'':22}{'false/yr':>9}" + "".join(f"{shape:>18}" for shape in SHAPES)


def line(name: str, found: Found) -> str:
    """Share found and median delay in days, by shape."""
    cells = "".join(f"{found.sensitivity[shape]:>11.2f} {found.delay[shape]:>3.0f} d " for shape in SHAPES)
    return f"{name:22}{found.false_alarms:>9.3f}{cells}"


def mean(found: list[Found]) -> Found:
    """Of the trials."""
    return Found(
        float(np.mean([one.false_alarms for one in found])),
        {shape: float(np.mean([one.sensitivity[shape] for one in found])) for shape in SHAPES},
        {shape: float(np.nanmean([one.delay[shape] for one in found])) for shape in SHAPES},
    )


@click.command()
@click.option("--seed", "seeds", type=int, multiple=True, default=(401, 402, 403), show_default=True)
@click.option("--clusters", default=300, show_default=True, help="Hidden clusters of each shape.")
@click.option("--nothing", default=900, show_default=True, help="Series without a cluster, for false alarms.")
@click.option("--budget", default=0.05, show_default=True, help="False episodes per series-year, the same for all.")
def main(seeds: tuple[int, ...], clusters: int, nothing: int, budget: float) -> None:
    """Hidden clusters at 40 providers: the share that each detector finds, and the median days from the first event."""
    trials = [trial(seed, clusters, nothing, budget) for seed in seeds]
    for seed, found in zip(seeds, trials, strict=True):
        click.echo(f"\nseed {seed}\n{HEAD}")
        for name, one in found.items():
            click.echo(line(name, one))
    click.echo(f"\nmean of {len(seeds)} trials\n{HEAD}")
    for name in trials[0]:
        click.echo(line(name, mean([one[name] for one in trials])))


if __name__ == "__main__":
    main()
