"""pso-produce mappings: the mappings that ship with the package."""

import click

from producers.commands.presentation import data, json_line, json_option
from producers.failure import ExitCode
from producers.mapping_file import load_mapping, shipped_mappings


@click.command()
@json_option
def mappings(as_json: bool) -> ExitCode:
    """List the shipped mappings: name, version and what they are for."""
    for name in shipped_mappings():
        mapping = load_mapping(name)
        if as_json:
            json_line(name=name, version=mapping.version, description=mapping.description)
        else:
            data(f"{name}\tversion {mapping.version}\t{mapping.description}")
    return ExitCode.OK
