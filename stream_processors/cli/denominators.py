"""`pso denominators load`: patient days, discharges and encounters from a file into the warehouse."""

from collections.abc import Mapping
from pathlib import Path

import click

from schemas.taxonomy import ProviderType
from stream_processors.cli import context, exit_codes
from stream_processors.cli.csv_tables import FILE, Row, Wrong, rows
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.calendar import is_day
from stream_processors.domain.denominators import MOST, Denominator, DenominatorKind
from stream_processors.domain.faults import Fault
from stream_processors.warehouse.denominators import load as load_revisions

COLUMNS = ("provider", "month", "kind", "quantity", "revision")


@click.group()
def denominators() -> None:
    """What counts are divided by: patient days, discharges, encounters, by provider and month."""


@denominators.command()
@click.argument("source", metavar="FILE", type=FILE)
@context.json_option
def load(source: Path, as_json: bool) -> int:
    """Load FILE (provider,month,kind,quantity,revision) into protected.denominators and renew the strata of providers.

    month YYYY-MM; kind patient_days, discharges or encounters; quantity a whole number, or empty to take the former back;
    revision from 1, the highest counts. The same row again changes nothing. A row that cannot be taken is named and left
    out, the others are loaded; then the exit code is 1.
    """
    found = context.settings([*context.DATABASE, *context.KAFKA])
    provider_types = _provider_types(context.register_of(found).arrangements)
    read: list[tuple[Row, Denominator]] = []
    faults: list[Fault] = []
    for row in rows(source, COLUMNS):
        try:
            read.append((row, _denominator(row, provider_types)))
        except Wrong as error:
            faults.append(error.fault)
    told = [denominator for _, denominator in read]
    added, contradicting = load_revisions(found.text("PSO_DATABASE_URL"), told, provider_types, found.database_password)
    faults += [read[place][0].wrong("quantity", _CONTRADICTS).fault for place in contradicting]
    for fault in faults:
        context.say(f"{source.name}: {fault}")
    if as_json:
        context.put({"rows": len(read) + len(faults) - len(contradicting), "new": added, "refused": len(faults)})
    context.say(f"{added} new, {len(told) - added - len(contradicting)} known already, {len(faults)} refused")
    return exit_codes.FAILED if faults else exit_codes.OK


_CONTRADICTS = "another quantity than this revision has already: send a higher revision"


def _provider_types(arrangements: Arrangements) -> Mapping[str, ProviderType]:
    """The kind of every provider whose events count."""
    return {one.provider: one.provider_type for one in arrangements.by_topic.values() if not one.test}


def _denominator(row: Row, provider_types: Mapping[str, ProviderType]) -> Denominator:
    provider, month, kind = row.text("provider"), row.text("month"), row.text("kind")
    if provider not in provider_types:
        raise row.wrong("provider", "no provider of an arrangement whose events count")
    if len(month) != len("2024-05") or not is_day(f"{month}-01"):
        raise row.wrong("month", "no month as YYYY-MM")
    if kind not in frozenset(DenominatorKind):
        raise row.wrong("kind", f"none of {', '.join(DenominatorKind)}")
    quantity = _whole(row, "quantity", 0) if row.cells["quantity"] else None
    return Denominator(provider, month, DenominatorKind(kind), _whole(row, "revision", 1), quantity)


def _whole(row: Row, column: str, least: int) -> int:
    text = row.text(column)
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and least <= int(text) <= MOST):
        raise row.wrong(column, f"no whole number from {least} to {MOST}")
    return int(text)
