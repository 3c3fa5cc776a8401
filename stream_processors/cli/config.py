"""`pso config check|engine`: every setting with its value, its origin and its reason; the version of the de-identification."""

import click

from stream_processors.cli import context


@click.group()
def config() -> None:
    """Look at the settings, and at the de-identification that is installed."""


@config.command()
@context.json_option
def check(as_json: bool) -> None:
    """Print the settings in force; faults are all reported at once (exit code 2)."""
    described = context.settings().described()
    if as_json:
        context.put(described)
        return
    width = max(len(row["name"]) for row in described)
    for row in described:
        click.echo(f"{row['name']:<{width}}  {row['value'] or '-'}  [{row['origin']}]  {row['reason']}")


@config.command()
@context.json_option
def engine(as_json: bool) -> None:
    """Print the version of the de-identification that is installed: its id, the hash of each part, and what it runs in."""
    built = context.engine()
    told = {**built.version.described(), "kernel": built.kernel}
    if as_json:
        context.put(told)
    else:
        for part, value in told.items():
            click.echo(f"{part:<8}{value}")
    if warning := context.slow_kernel(built):
        context.say(f"pso: {warning}")
