"""The guide for providers names every command, setting, key and reason as they are."""

import re
from pathlib import Path

import click
import msgspec

from producers.cli import program
from producers.mapping_file import parse_mapping
from producers.mapping_rules import FieldTable

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "guides" / "connect-a-provider.md").read_text()
SETTINGS = re.compile(r"PSO_[A-Z_]+[A-Z]")


def test_every_command_and_option_is_in_the_guide() -> None:
    for name, command in program.commands.items():
        assert f"| `{name} " in GUIDE or f"| `{name}`" in GUIDE
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.opts[0] in GUIDE, f"{name} {option.opts[0]}"


def test_the_guide_and_the_code_name_the_same_settings() -> None:
    code = (ROOT / "producers" / "settings.py").read_text()
    assert set(SETTINGS.findall(GUIDE)) == set(SETTINGS.findall(code))


def test_every_key_of_a_mapping_field_is_in_the_guide() -> None:
    for field in msgspec.structs.fields(FieldTable):
        assert f"`{field.name}`" in GUIDE


def test_the_example_in_the_guide_is_a_mapping() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert parse_mapping(example, "guide").label == "mercy-rl6 v3"
