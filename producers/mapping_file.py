"""Mapping files: TOML -> Mapping, with every mistake of the file named at once."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from producers.failure import ExitCode, Failure
from producers.fields import misfit, type_at
from producers.mapping import Mapping, Preset, Rule
from producers.mapping_crosswalk import identities
from producers.mapping_rules import FieldTable, Mistake, field_type, rules_of
from producers.mapping_tree import parse_path

_SHIPPED = files("producers") / "mappings"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The top level of a mapping file."""

    name: str
    version: int
    description: str = ""
    delimiter: str | None = None
    group_by: str | None = None
    external_id: str | None = None
    constants: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    field: list[dict[str, Any]] = []


def shipped_mappings() -> list[str]:
    """The names of the mappings that ship with the package."""
    return sorted(entry.name.removesuffix(".toml") for entry in _SHIPPED.iterdir() if entry.name.endswith(".toml"))


def load_mapping(name: str) -> Mapping:
    """The mapping of a file, or a shipped one by its name. Raises Failure with one line per mistake."""
    if name in shipped_mappings():
        return parse_mapping((_SHIPPED / f"{name}.toml").read_text("utf-8"), f"{name}.toml")
    path = Path(name)
    if not path.is_file():
        told = f"--mapping {name}: neither a file nor a shipped mapping; shipped are {', '.join(shipped_mappings())}"
        raise Failure(told, ExitCode.USAGE)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Failure(f"--mapping {name}: cannot be read as UTF-8 text", ExitCode.USAGE) from None
    return parse_mapping(text, name)


def parse_mapping(text: str, file: str) -> Mapping:
    """The mapping that the text describes. Raises Failure with one line per mistake: file, key, reason."""
    try:
        table = msgspec.convert(tomllib.loads(text), _File)
    except tomllib.TOMLDecodeError as error:
        raise Failure(f"{file}: no TOML: {error}", ExitCode.USAGE) from None
    except msgspec.ValidationError as error:
        raise Failure(f"{file}: {error}", ExitCode.USAGE) from None
    mistakes: list[Mistake] = []
    mapping = _mapping(table, mistakes)
    mistakes.extend(_contradictions(mapping, table))
    if mistakes:
        raise Failure("\n".join(f"{file}: {mistake.key}: {mistake.reason}" for mistake in mistakes), ExitCode.USAGE)
    return mapping


def _mapping(table: _File, mistakes: list[Mistake]) -> Mapping:
    rules: list[Rule] = []
    for number, entry in enumerate(table.field, 1):
        try:
            field = msgspec.convert(entry, FieldTable)
        except msgspec.ValidationError as error:
            mistakes.append(Mistake(f"field {number}", str(error)))
            continue
        key = f"field {number} ({field.to})"
        found_rules, found = rules_of(field)
        mistakes.extend(Mistake(f"{key} {mistake.key}".rstrip(), mistake.reason) for mistake in found)
        rules.extend(found_rules)
    return Mapping(
        name=table.name,
        version=table.version,
        description=table.description,
        rules=tuple(rules),
        constants=_presets("constants", table.constants, mistakes),
        defaults=_presets("defaults", table.defaults, mistakes),
        delimiter=table.delimiter,
        group_by=table.group_by,
        external_id=table.external_id,
        crosswalks=identities(entry.get("crosswalk") for entry in table.field),
    )


def _presets(section: str, table: dict[str, Any], mistakes: list[Mistake]) -> tuple[Preset, ...]:
    presets = []
    for path, value in _flat(table):
        key = f"{section} {path}"
        try:
            steps = parse_path(path)
            found = type_at(tuple(step.name for step in steps))
        except ValueError as error:
            mistakes.append(Mistake(key, str(error)))
        except KeyError:
            mistakes.append(Mistake(key, "the canonical event has no such field"))
        else:
            if why := misfit(found, value) or field_type(steps)[1]:
                mistakes.append(Mistake(key, why))
            presets.append(Preset(steps, value))
    return tuple(presets)


def _flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """`facility.state = "TX"` is a table inside a table in TOML."""
    for name, value in table.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, dict):
            yield from _flat(value, path)
        else:
            yield path, value


def _contradictions(mapping: Mapping, table: _File) -> Iterator[Mistake]:
    """What is wrong only in view of the whole file."""
    if not mapping.name or not mapping.name.replace("-", "").isalnum():
        yield Mistake("name", "letters, digits and '-'")
    if mapping.version < 1:
        yield Mistake("version", "counts from 1")
    if mapping.delimiter is not None and len(mapping.delimiter) != 1:
        yield Mistake("delimiter", "one character")
    filled = {path.to for path in mapping.rules}
    preset = {*dict(_flat(table.constants)), *dict(_flat(table.defaults))}
    if "report_type" not in filled | preset:
        yield Mistake("report_type", "is never set: give it a field, a constant or a default")
    single = [rule.to for rule in mapping.rules if not rule.each]
    for path in sorted({path for path in single if single.count(path) > 1}):
        yield Mistake(f"field ({path})", "is filled by two columns: only one can win")
    for path in sorted(filled & dict(_flat(table.constants)).keys()):
        yield Mistake(f"constants {path}", "is filled by a column too: make it a default")
