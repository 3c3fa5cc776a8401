"""python -m deploy.reference: renders docs/reference/ from the declarations, so that no table is kept by hand."""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import click
import msgspec
from prometheus_client import CollectorRegistry

from deploy import crosswalk_tables, disclosure_rules
from schemas import common_formats, redaction, restrictions, taxonomy, topics
from schemas.avsc import avro_schema
from schemas.grades import Grade
from schemas.protection import Protection
from schemas.rendering import public_records
from schemas.topics import Topic
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.metrics import CanaryMetrics, Metrics, QualityMetrics, ReconciliationMetrics
from stream_processors.settings import SETTINGS

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
_VOCABULARIES = {**vars(taxonomy), **vars(redaction), **vars(restrictions), "Grade": Grade}
_VOCABULARY_FILES = "schemas/taxonomy.py`, `redaction.py`, `restrictions.py` and `grades.py"
_NOTE = "Rendered by `python -m deploy.reference` from `{source}`. Do not edit.\n"
_CODES: dict[str, tuple[str, dict[Any, str]]] = {
    "ReportType": ("DE3", common_formats.DE3_REPORT_TYPE),
    "Category": ("DE21", common_formats.DE21_CATEGORY),
    "Harm": ("LOINC LL2819-2", common_formats.LL2819_HARM),
    "MedicationStage": ("DE315", common_formats.DE315_STAGE),
    "IncorrectAction": ("DE291", common_formats.DE291_INCORRECT_ACTION),
    "DoseError": ("DE294", common_formats.DE294_DOSE_ERROR),
    "Route": ("DE348, DE351", common_formats.DE348_ROUTE),
}


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {
        "topics.md": _page("Topics", "schemas/topics.py", _topics()),
        "records.md": _page("Records", "schemas/records/", _records()),
        "vocabularies.md": _page("Vocabularies", _VOCABULARY_FILES, _vocabularies()),
        "settings.md": _page("Settings", "stream_processors/settings.py", _settings()),
        "metrics.md": _page("Metrics", "stream_processors/metrics.py", _metrics()),
        "arrangement.schema.json": json.dumps(_settled(msgspec.json.schema(ArrangementDocument)), indent=2) + "\n",
    }


def _settled(schema: Any) -> Any:
    """A JSON Schema in one order: a default that is a set comes in any."""
    if isinstance(schema, dict):
        return {name: _settled(held) for name, held in schema.items()}
    if isinstance(schema, list):
        return sorted(schema) if all(isinstance(one, str) for one in schema) else [_settled(one) for one in schema]
    return schema


@click.command()
def main() -> None:
    """Write docs/reference/, docs/crosswalks.md and the rendered part of docs/deidentification.md."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
        click.echo(f"rendered {name}")
    target = disclosure_rules.PAGE
    target.write_text(disclosure_rules.page(target.read_text()))
    click.echo(f"rendered {target.name}")
    crosswalk_tables.PAGE.write_text(crosswalk_tables.page())
    click.echo(f"rendered {crosswalk_tables.PAGE.name}")


def _page(title: str, source: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", _NOTE.format(source=source), *lines]).rstrip() + "\n"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _topics() -> Iterator[str]:
    yield "Every topic has dead letters beside it, `<topic>-dead`: same grade, kept for ever.\n"
    columns = ("topic", "record", "grade", "key", "partition follows", "kept")
    yield from _table(columns, (_topic(topic) for topic in (topics.submitted("<arrangement>"), *topics.INTERNAL)))


def _topic(topic: Topic) -> tuple[str, ...]:
    days = topic.min_compaction_lag_ms // topics.DAY
    kept = "for ever" if topic.retention_ms == -1 else f"{topic.retention_ms // topics.DAY} days"
    return (
        f"`{topic.name}`",
        f"[{topic.record.__name__}](records.md#{topic.record.__name__.lower()})",
        topic.grade,
        _key(topic.key),
        _key(topic.partition_by) if topic.partition_by else "the key" if topic.entry or topic.commanded else "its source",
        f"the newest of each key; everything for {days * 24} hours" if days else kept,
    )


def _key(function: Any) -> str:
    """The part of the docstring that says what the key is made of."""
    return f"`{function.__doc__.partition(':')[0].rstrip('.')}`"


def _records() -> Iterator[str]:
    yield "What a field's protection class means:\n"
    yield from _table(("class", "whom it may identify"), ((p, _CLASSES[p]) for p in Protection))
    seen: set[str] = set()
    for record in public_records():
        yield from _record(avro_schema(record), seen)


_CLASSES = {
    Protection.PROVIDER: "a provider (42 CFR 3.206(b)(4)(iv)(A), 3.212(a)(2)(i)(A))",
    Protection.PATIENT: "a patient (45 CFR 164.514(b)(2)(i), 164.514(e)(2))",
    Protection.REPORTER: "the person who reported in good faith (42 CFR 3.20)",
    Protection.QUASI: "somebody, together with other fields",
    Protection.FREE_TEXT: "anybody: it may hold anything",
    Protection.PLAIN: "nobody",
}


def _record(schema: dict[str, Any], seen: set[str]) -> Iterator[str]:
    if schema["name"] in seen:
        return
    seen.add(schema["name"])
    yield from (f"## {schema['name']}", "", schema["doc"], "")
    inner: list[dict[str, Any]] = []
    rows = []
    for field in schema["fields"]:
        default = "required" if "default" not in field else "" if field["default"] in (None, []) else str(field["default"])
        rows.append(
            (f"`{field['name']}`", _type(field["type"], inner), default, field.get("protection", ""), field.get("doc", ""))
        )
    yield from _table(("field", "type", "default", "class", "what it says"), rows)
    for one in inner:
        yield from _record(one, seen)


def _type(schema: Any, inner: list[dict[str, Any]]) -> str:
    if isinstance(schema, list):
        return f"{_type(schema[1], inner)} or null"
    if isinstance(schema, str):
        name = schema.rpartition(".")[2]
        return name if name == schema else _link(name)
    if schema["type"] == "array":
        return f"list of {_type(schema['items'], inner)}"
    if schema["type"] == "record":
        inner.append(schema)
    return _link(schema["name"])


def _link(name: str) -> str:
    is_vocabulary = isinstance(_VOCABULARIES.get(name), type)
    return f"[{name}]({'vocabularies.md' if is_vocabulary else ''}#{name.lower()})"


def _vocabularies() -> Iterator[str]:
    for name, kind in _VOCABULARIES.items():
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum:
            yield from (f"## {name}", "", (kind.__doc__ or "").strip(), "")
            question, codes = _CODES.get(name, ("", {}))
            columns = ("symbol", f"Common Formats code ({question})") if codes else ("symbol",)
            yield from _table(columns, ((f"`{m}`", codes.get(m, "")) if codes else (f"`{m}`",) for m in kind))


def _settings() -> Iterator[str]:
    yield "All are environment variables; `pso config check` prints those in force and where each came from.\n"
    columns = ("setting", "default", "allowed", "why")
    yield from _table(
        columns, ((f"`{s.name}`", _default(s.default), _allowed(s.choices, s.number), s.reason) for s in SETTINGS)
    )


def _default(default: str | None) -> str:
    return "none" if default is None else f"`{default}`" if default else "empty"


def _allowed(choices: tuple[str, ...], number: tuple[float, float] | None) -> str:
    return ", ".join(choices) if choices else f"{number[0]:g} to {number[1]:g}" if number else ""


def _metrics() -> Iterator[str]:
    kinds = (Metrics, ReconciliationMetrics, CanaryMetrics, QualityMetrics)
    registries = [CollectorRegistry() for _ in kinds]
    for kind, registry in zip(kinds, registries, strict=True):
        kind(registry, "")
    families = sorted({f.name: f for r in registries for f in r.collect()}.values(), key=lambda f: f.name)
    rows = [(f"`{f.name}{'_total' if f.type == 'counter' else ''}`", f.type, f.documentation) for f in families]
    yield "No label ever names a provider, an event or an entry topic.\n"
    yield from _table(("metric", "type", "what it says"), rows)


if __name__ == "__main__":
    main()
