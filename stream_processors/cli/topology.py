"""`pso topology`: the flow as text or as a Mermaid picture, after its check."""

import click

from stream_processors.cli import context
from stream_processors.topology_rendering import render_mermaid, render_text


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "mermaid"]), default="text", show_default=True)
def topology(form: str) -> None:
    """Show the flow. An unlawful topology is refused with its paragraph (exit code 5)."""
    declared = context.system().topology
    click.echo(render_mermaid(declared) if form == "mermaid" else render_text(declared))
