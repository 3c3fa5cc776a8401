"""`pso config check`: every setting with its value, its origin and its reason."""

import click

from stream_processors.cli import context


@click.group()
def config() -> None:
    """Look at the settings."""


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
