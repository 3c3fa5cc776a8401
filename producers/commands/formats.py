"""Which format a file is in: as the command line says, by its first bytes, or by its name."""

import re
from pathlib import Path

import click

FORMATS = ("jsonl", "csv", "excel", "cf-xml", "cf-dsv", "fhir")
MAPPED = {"cf-xml": "cfer-h-1-2", "cf-dsv": "cfer-h-1-2", "fhir": "fhir-adverse-event"}
"""The shipped mapping of a format that has one."""
NEED_MAPPING = ("csv", "excel")
_SUFFIXES = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "fhir", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".dsv": "cf-dsv",
    ".xml": "cf-xml", ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel", ".xlsb": "excel", ".ods": "excel",
}  # fmt: skip
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_DSV_COLUMNS = {b"Event", b"DataElement", b"Answer"}
_PARTS = re.compile(rb'[,;\t|"]+')
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"


def by_name(file: str) -> str | None:
    """The format of which a file's name speaks."""
    return _SUFFIXES.get(Path(file.removesuffix(".gz")).suffix.lower())


def by_content(head: bytes, named: str | None) -> str | None:
    """The format that the first bytes leave no doubt about; the header of a CSV may even begin with a brace."""
    if head.startswith(_WORKBOOKS):
        return "excel"
    text = head.replace(b"\0", b"").lstrip(_BYTE_ORDER_MARKS).lstrip()
    if text.startswith(b"<"):
        return "cf-xml"
    if text.startswith(b"{"):
        return "fhir" if b'"resourceType"' in text else named if named == "csv" else "jsonl"
    lines = text.splitlines()[:10]
    return "cf-dsv" if any(set(_PARTS.split(line)) >= _DSV_COLUMNS for line in lines) else None


def checked(found: str | None, file: str, mapping: str | None) -> str:
    """The format, when it goes with the mapping. Raises click.UsageError."""
    if found is None:
        raise click.UsageError(f"--format is needed: neither the name {file} nor its content tells it")
    if found in NEED_MAPPING and mapping is None:
        told = "a CSV" if found == "csv" else "a workbook"
        raise click.UsageError(f"{told} needs --mapping; `pso-produce mappings` lists the shipped ones")
    if found == "jsonl" and mapping is not None:
        raise click.UsageError("--mapping is for CSV: JSON lines hold the canonical fields already")
    return found
