"""Common Formats XML -> events: a header with the surrogate provider id, then events of data elements and answers.

    <CommonFormats>
      <Header><PSOID>P0042</PSOID><ProviderID>prv-8f3k2m</ProviderID></Header>
      <Event>
        <DataElement ID="DE3"><Answer Code="A3"/></DataElement>
        <DataElement ID="DE15"><Answer>Found on the floor.</Answer></DataElement>
        <DataElement ID="DE21"><Answer Code="A66"><AdditionalInfo>wheelchair</AdditionalInfo></Answer></DataElement>
      </Event>
    </CommonFormats>

The shape is that of the PSOPPC's data submission guide; its XSD was not at hand, so the names of the elements are ours.
"""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from producers.mapping import Mapping
from producers.readers.answers import WORDS, Answer, answer_rows
from producers.readers.lines import EXPANDS_TOO_FAR, MAX_LINE_BYTES
from producers.readers.mapped_rows import MappedRows
from producers.readers.outcome import Fault, Origin, Outcome, Reason
from producers.readers.unpacking import ExpandsTooFar

_PROLOG_BYTES = 1 << 16
_MOST_DEPTH = 16
_BROKEN = "no whole XML from here on: what stands further down is not read"
_DOCTYPE = "a document type declaration can hide a bomb or another file: leave it out"
_MISMATCH = "the header names another provider than PSO_PRODUCE_PROVIDER"
_LARGE = f"an event of more than {MAX_LINE_BYTES} bytes"
_ENDLESS = f"a tag or text of more than {2 * MAX_LINE_BYTES} bytes: what stands further down is not read"
_DEEP = f"elements inside elements, more than {_MOST_DEPTH}"


def read_common_formats_xml(stream: BinaryIO, mapping: Mapping, origin: Origin) -> Iterator[Outcome]:
    """Every event or fault, numbered from 1. Broken XML, a DOCTYPE or another provider's header ends the reading."""
    number = 0
    mapped = MappedRows(mapping, origin, "cf-xml")
    try:
        for found in _Reading(stream, origin).events():
            number += 1
            if isinstance(found, Reason):
                yield Fault(number, "", found, _LARGE)
                continue
            rows = answer_rows(found, mapping)
            yield from mapped.outcomes(rows, [number] * len(rows))
    except _Refused as refused:
        yield Fault(number + 1, refused.column, refused.reason, refused.hint)
    except etree.XMLSyntaxError:
        yield Fault(number + 1, "", Reason.NOT_XML, _BROKEN)
    except ExpandsTooFar:
        yield Fault(number + 1, "", Reason.EXPANDS_TOO_FAR, EXPANDS_TOO_FAR)
    except (EOFError, OSError, zlib.error):
        yield Fault(number + 1, "", Reason.DAMAGED_FILE, "the file ends or breaks here: get it again")


class _Refused(Exception):
    def __init__(self, reason: Reason, hint: str, column: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint, self.column = reason, hint, column


class _Watched:
    """Counts the bytes that the parser takes, and gives it no more where it finds neither a beginning nor an end of an
    element in them: a DOCTYPE must not be parsed before it is seen, and a tag without end is held whole.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.bytes = 0
        self.seen_at = 0
        self.root_seen = False

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        # UTF-16 writes a NUL beside every letter.
        if not self.root_seen and (self.bytes > _PROLOG_BYTES or b"<!DOCTYPE" in data.replace(b"\0", b"")):
            raise _Refused(Reason.DOCTYPE, _DOCTYPE)
        if self.bytes - self.seen_at > 2 * MAX_LINE_BYTES:
            raise _Refused(Reason.TOO_LONG, _ENDLESS)
        self.bytes += len(data)
        return data


class _Reading:
    """Walks through the document; what was looked at leaves memory at once."""

    def __init__(self, stream: BinaryIO, origin: Origin) -> None:
        self._watched = _Watched(stream)
        self._provider = origin.provider
        self._answers: list[Answer] | None = None
        self._began = 0
        self._in_element = False

    def events(self) -> Iterator[list[Answer] | Reason]:
        """The answers of each event, or why they are too many to hold."""
        depth = 0
        for action, element in self._steps():
            self._watched.seen_at = self._watched.bytes
            if action == "start":
                depth += 1
                self._start(element, depth)
                continue
            depth -= 1
            if _name(element) == "Event" and self._answers is not None:
                yield Reason.TOO_LONG if self._too_long() else self._answers
                self._answers = None
            else:
                self._end(element)
            if not self._in_element or self._too_long():
                _forget(element)

    def _steps(self) -> Iterator[tuple[str, etree._Element]]:
        return iter(
            etree.iterparse(
                self._watched,
                events=("start", "end"),
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
        )

    def _start(self, element: etree._Element, depth: int) -> None:
        self._watched.root_seen = True
        if depth == 1 and element.getroottree().docinfo.internalDTD is not None:
            raise _Refused(Reason.DOCTYPE, _DOCTYPE)
        if depth > _MOST_DEPTH:
            raise _Refused(Reason.TOO_DEEP, _DEEP)
        match _name(element):
            case "Event":
                self._answers, self._began = [], self._watched.bytes
            case "DataElement":
                self._in_element = True

    def _end(self, element: etree._Element) -> None:
        match _name(element):
            case "ProviderID" if self._answers is None and _text(element) != self._provider:
                raise _Refused(Reason.PROVIDER_MISMATCH, _MISMATCH, "ProviderID")
            case "DataElement":
                self._in_element = False
                if self._answers is not None and not self._too_long():
                    self._answers.extend(_answers(element))

    def _too_long(self) -> bool:
        return self._answers is not None and self._watched.bytes - self._began > MAX_LINE_BYTES + _PROLOG_BYTES


def _answers(element: etree._Element) -> Iterator[Answer]:
    name = element.get("ID", "").strip()
    for answer in element:
        if _name(answer) == "Answer":
            words = next((_text(child) for child in answer if _name(child) == WORDS), "")
            yield Answer(name, answer.get("Code", "").strip() or _text(answer), words)


def _name(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _forget(element: etree._Element) -> None:
    """Empties an element that has ended and drops its elder siblings; the parser still holds the element itself."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (elder := element.getprevious()) is not None:
        parent.remove(elder)
