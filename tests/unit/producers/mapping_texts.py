"""Mapping files in small, for tests: fields as TOML lines."""

from producers.mapping import Mapping
from producers.mapping_file import parse_mapping


def mapping_text(*fields: str, top: str = "", constants: str = 'report_type = "incident"') -> str:
    """A mapping file with these [[field]] tables."""
    tables = "\n".join(f"[[field]]\n{field}" for field in fields)
    return f'name = "small"\nversion = 1\n{top}\n[constants]\n{constants}\n{tables}\n'


def mapping(*fields: str, top: str = "", constants: str = 'report_type = "incident"') -> Mapping:
    return parse_mapping(mapping_text(*fields, top=top, constants=constants), "small.toml")
