"""FHIR AdverseEvent, R4 or R5, as one resource, a Bundle, or NDJSON of either -> events."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Raw

from producers.mapping import Mapping
from producers.readers.answers import value_rows
from producers.readers.explanation import path_of
from producers.readers.fhir_columns import columns_of
from producers.readers.fhir_references import Neighbours, in_bundle
from producers.readers.fhir_resources import AdverseEvent, Bundle, Head
from producers.readers.lines import EXPANDS_TOO_FAR, Line, lines
from producers.readers.mapped_rows import MappedRows
from producers.readers.outcome import Fault, Origin, Outcome, Reason
from producers.readers.unpacking import ExpandsTooFar

MOST_BYTES = 16 << 20
"""Of a document that is not NDJSON: it is held whole, for an event may stand before the patient it points to."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOT_JSON = "a FHIR resource as JSON: one document, or one whole resource per line"
_WRONG_TYPE = "an AdverseEvent, or a Bundle with one in it"
_MODIFIED = "an extension may turn the meaning round, and this reader does not know it"
_HINTS = {
    Reason.TOO_LONG: f"a document of more than {MOST_BYTES} bytes: send NDJSON, one resource per line",
    Reason.DAMAGED_FILE: "the file ends or breaks here: get it again",
    Reason.EXPANDS_TOO_FAR: EXPANDS_TOO_FAR,
}


def read_fhir(stream: BinaryIO, mapping: Mapping, origin: Origin) -> Iterator[Outcome]:
    """Every event or fault. Lines of NDJSON and entries of a Bundle count from 1."""
    reading = _Reading(mapping, origin)
    for document in _documents(stream):
        if document.flaw:
            yield Fault(document.number, "", document.flaw, _HINTS[document.flaw])
        elif document.data.strip():
            yield from reading.document(document.number, document.data)


def _documents(stream: BinaryIO) -> Iterator[Line]:
    """The one document, or the lines of NDJSON: there the first line is whole."""
    try:
        first = stream.readline(MOST_BYTES + 1).removeprefix(_BYTE_ORDER_MARK)
        while first and not first.strip():
            first = stream.readline(MOST_BYTES + 1)
        whole = first.rstrip().endswith(b"}") and first.lstrip().startswith(b"{")
        if not whole:
            first += stream.read(max(0, MOST_BYTES + 1 - len(first)))
    except ExpandsTooFar:
        yield Line(1, b"", Reason.EXPANDS_TOO_FAR)
        return
    except (EOFError, OSError, zlib.error):
        yield Line(1, b"", Reason.DAMAGED_FILE)
        return
    if len(first) > MOST_BYTES:
        yield Line(1, b"", Reason.TOO_LONG)
        return
    yield Line(1, first)
    if whole:
        for line in lines(stream):
            yield Line(line.number + 1, line.data, line.flaw)


class _Reading:
    def __init__(self, mapping: Mapping, origin: Origin) -> None:
        self._mapped = MappedRows(mapping, origin, "fhir")

    def document(self, number: int, data: bytes) -> Iterator[Outcome]:
        """The events of a resource. A Bundle of the whole file numbers its entries, one on a line bears the line's."""
        try:
            head = msgspec.json.decode(data, type=Head)
            if head.resource_type == "Bundle":
                yield from self._bundle(number, msgspec.json.decode(data, type=Bundle))
            elif head.resource_type == "AdverseEvent":
                yield from self._event(number, data, Neighbours())
            else:
                yield Fault(number, "resourceType", Reason.NOT_ALLOWED, _WRONG_TYPE)
        except (UnicodeDecodeError, RecursionError, msgspec.MsgspecError) as error:
            yield _no_resource(number, error)

    def _bundle(self, number: int, bundle: Bundle) -> Iterator[Outcome]:
        found = False
        neighbours = in_bundle(bundle)
        for place, entry in enumerate(bundle.entry):
            if bytes(entry.resource) and neighbours.type_of(entry.resource) == "AdverseEvent":
                found = True
                yield from self._event(number + place, entry.resource, neighbours)
        if not found:
            yield Fault(number, "resourceType", Reason.NOT_ALLOWED, _WRONG_TYPE)

    def _event(self, number: int, data: bytes | Raw, neighbours: Neighbours) -> Iterator[Outcome]:
        try:
            event = msgspec.json.decode(data, type=AdverseEvent)
            if event.modifier_extension:
                yield Fault(number, "modifierExtension", Reason.NOT_ALLOWED, _MODIFIED)
                return
            rows = value_rows(columns_of(event, neighbours.with_contained(event.contained)))
        except (UnicodeDecodeError, RecursionError, msgspec.MsgspecError) as error:
            yield _no_resource(number, error)
            return
        if any("\0" in cell for row in rows for cell in row.values()):
            yield Fault(number, "", Reason.CONTROL_CHARACTER, "a NUL character (\\u0000): no database holds it")
            return
        yield from self._mapped.outcomes(rows, [number] * len(rows))


def _no_resource(number: int, error: Exception) -> Fault:
    match error:
        case msgspec.ValidationError():
            return Fault(number, path_of(str(error)), Reason.INVALID, "not what FHIR has here")
        case RecursionError():
            return Fault(number, "", Reason.TOO_DEEP, "brackets inside brackets without end")
        case UnicodeDecodeError():
            return Fault(number, "", Reason.BAD_UTF8, "the file must be UTF-8")
    return Fault(number, "", Reason.NOT_JSON, _NOT_JSON)
