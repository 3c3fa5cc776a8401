"""python -m schemas render | check | release: keeps the public schemas in step with the record types."""

import sys

import click

from schemas import rendering

FOUND_SOMETHING = 3


@click.group()
def main() -> None:
    """The public Avro schemas."""


@main.command()
def render() -> None:
    """Write avro/*.avsc and catalogue.json from the record types."""
    for path in rendering.render():
        click.echo(f"rendered {path.name}")


@main.command()
def check() -> None:
    """May avro/ follow released/? Says every fault; exit code 3 when there is one."""
    found = [f"{file}: {fault}" for file, fault in rendering.faults()]
    for line in found:
        click.echo(line)
    sys.exit(FOUND_SOMETHING if found else 0)


@main.command()
def release() -> None:
    """Copy avro/ to released/, at a release and never otherwise. Refused where `check` finds something."""
    if found := [f"{file}: {fault}" for file, fault in rendering.faults()]:
        click.echo("\n".join(found))
        sys.exit(FOUND_SOMETHING)
    for path in rendering.release():
        click.echo(f"released {path.name}")


if __name__ == "__main__":
    main()
