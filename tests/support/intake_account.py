"""What reading and capturing comes to, as one hash per corpus: `python -m tests.support.intake_account` prints them all.

The corpora are drawn anew from a seed: a file for every shipped mapping, its cells from what the mapping names and from what
it does not, and damaged bodies of every format that needs no process of its own. The hash is over the faults, in order, and
over every row of the outbox and of the register, so that a faster way which gives another event, id, order or entry is seen.
"""

import csv
import hashlib
import io
import json
import random
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from producers.capturing import Capturing
from producers.encoding import bounded, bundled_encoder
from producers.entrance import Entering
from producers.identity import digest_of
from producers.mapping_crosswalk import shipped
from producers.mapping_file import load_mapping, shipped_mappings
from producers.outbox import Outbox
from producers.readers.csv_rows import CsvRows
from producers.readers.outcome import Outcome
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from tests.support.bad_input import CASES, ORIGIN
from tests.support.fuzzed_bodies import SEEDS, damaged

ROWS, BODIES = 520, 60
"""More rows than a transaction takes: the faults that storing finds stand between those of reading."""
_CODEC = Codec(bundled())
_STRANGE = (
    "", " ", "x", "Null", "=1+1", "6 \u201cNorth\u201d", "Zu\u0308rich", "a;b", " ; ", "12,5 mg", "1.000", "05/16/2024",
    "2024-02-30", "2024-05-16", "45", "F", "w" * 201, "\U0001f691", "two\nlines",
)  # fmt: skip


def corpora() -> dict[str, Iterator[Iterator[Outcome]]]:
    """By name: the outcomes of each file."""
    names = [name for name in SEEDS if name != "excel"]
    mapped = [name for name in shipped_mappings() if name not in ("cfer-h-1-2", "fhir-adverse-event")]
    return {name: _mapped(name) for name in mapped} | {f"damaged {name}": _damaged(name) for name in names}


def account(files_of: Iterator[Iterator[Outcome]]) -> str:
    """SHA-256 of all that the files came to, captured one after the other, every second one with corrections."""
    told = hashlib.sha256()
    moment = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder, Outbox(Path(folder) / "outbox.sqlite", lambda: moment) as outbox:
        for number, outcomes in enumerate(files_of):
            moment += timedelta(seconds=1)
            told.update(_captured(outcomes, number, outbox).encode())
        for row in outbox.connection.execute("SELECT * FROM events ORDER BY sequence"):
            told.update(repr(_readable(row)).encode())
        for row in outbox.connection.execute("SELECT * FROM register ORDER BY number"):
            told.update(repr(row).encode())
    return told.hexdigest()


def _captured(outcomes: Iterator[Outcome], number: int, outbox: Outbox) -> str:
    """The faults and the standings, each in order, and how many of each there were."""
    faults: list[str] = []
    standings: list[str] = []
    capturing = Capturing(
        outbox,
        bundled_encoder(),
        lambda fault: faults.append(repr(fault)),
        corrections=bool(number % 2),
        entering=Entering("policy 3", "PSO 17", send=number % 3 != 0),
        held=lambda read, standing: standings.append(f"{read.row} {standing}"),
    )
    capturing.take(bounded(outcomes, capturing.encode))
    return f"{faults} {standings} {capturing.tally}"


def _readable(row: tuple[Any, ...]) -> list[object]:
    """The event by what it says: a field that a later version of the record adds changes nothing."""
    columns = list(row)
    columns[10] = digest_of(_CODEC.decode(row[10], SafetyEvent))
    return columns


def _mapped(name: str) -> Iterator[Iterator[Outcome]]:
    mapping = load_mapping(name)
    for part in range(2):  # the second holds other events under the ids of the first
        chance = random.Random(f"{name} {part}")
        yield iter(CsvRows(io.BytesIO(invented_table(name, chance)), mapping, ORIGIN))


def invented_table(name: str, chance: random.Random) -> bytes:
    """A CSV with the columns of a shipped mapping."""
    table = tomllib.loads((files("producers") / "mappings" / f"{name}.toml").read_text("utf-8"))
    cells: dict[str, list[str]] = {}
    for field in table["field"]:
        cells.setdefault(field["column"], []).extend(_named(field))
        for column, answer in field.get("where", {}).items():
            cells.setdefault(column, []).append(answer)
    keys = [key for key in (table.get("external_id"), table.get("group_by")) if key]
    text = io.StringIO()
    out = csv.writer(text, delimiter=table.get("delimiter", ","))
    columns = [*dict.fromkeys([*cells, *keys]), "Unused"]
    out.writerow(columns)
    event, row = 0, [""] * len(columns)
    for _ in range(ROWS):
        again = chance.random() < (0.5 if table.get("group_by") else 0.03)
        event += not again
        drawn = [_cell(column, cells, keys, event, chance) for column in columns]
        row = [old if again and chance.random() < 0.9 else new for old, new in zip(row, drawn, strict=True)]
        out.writerow(row)
    return text.getvalue().encode()


def _named(field: dict[str, Any]) -> Iterator[str]:
    """Cells that the field of a mapping reads."""
    yield from field.get("values", ())
    if "crosswalk" in field:
        yield from (text for row in shipped()[field["crosswalk"]].rows for text in (row.value, row.label))
    for form in ("date", "time", "instant"):
        given = field.get(form, [])
        for one in [given] if isinstance(given, str) else given:
            yield from (datetime(2024, month, 3 * month, 21, 40, tzinfo=UTC).strftime(one) for month in (1, 5, 9))


def _cell(column: str, cells: dict[str, list[str]], keys: list[str], event: int, chance: random.Random) -> str:
    if column in keys:
        return f"INC-{event}" if chance.random() < 0.99 else ""
    named = cells.get(column)
    if not named or chance.random() < 0.01:
        return chance.choice(_STRANGE) if chance.random() < 0.2 else f"words {chance.randrange(50)}"
    cell = chance.choice(named)
    return f"{cell}; {chance.choice(named)}" if chance.random() < 0.05 else f" {cell}" if chance.random() < 0.05 else cell


def _damaged(name: str) -> Iterator[Iterator[Outcome]]:
    chance = random.Random(f"damaged {name}")
    case, seeds = SEEDS[name]
    for _ in range(BODIES):
        yield CASES[case][0](io.BytesIO(damaged(chance.choice(seeds), chance)))


def main() -> None:
    """Print the account of every corpus as it is kept beside the test."""
    print(json.dumps({name: account(files_of) for name, files_of in corpora().items()}, indent=2))


if __name__ == "__main__":
    main()
