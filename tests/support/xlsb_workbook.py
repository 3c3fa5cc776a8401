"""A binary workbook (.xlsb) made record by record, as [MS-XLSB] lays them out: no library at hand writes one.

A record is its number and its length, each in groups of seven bits, and its bytes. Sections of the specification
are named beside the records.
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from tests.support.workbooks import Cell, zipped

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EPOCH = date(1899, 12, 30)
_PLAIN, _DATE = 0, 1


def xlsb(*sheets: tuple[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook with these sheets; texts are shared strings, as Excel writes them."""
    strings = sorted({cell for _, rows in sheets for row in rows for cell in row if isinstance(cell, str)})
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.bin")]),
        "xl/_rels/workbook.bin.rels": _relations(
            [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.bin") for n in numbers]
            + [("rId98", "styles", "styles.bin"), ("rId99", "sharedStrings", "sharedStrings.bin")]
        ),
        "xl/workbook.bin": _book([name for name, _ in sheets]),
        "xl/styles.bin": _styles(),
        "xl/sharedStrings.bin": _shared(strings),
    }
    places = {text: place for place, text in enumerate(strings)}
    for number, (_, rows) in zip(numbers, sheets, strict=True):
        parts[f"xl/worksheets/sheet{number}.bin"] = _sheet(rows, places)
    return zipped(parts)


def _record(number: int, data: bytes = b"") -> bytes:
    return _sevens(number) + _sevens(len(data)) + data


def _sevens(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _text(value: str) -> bytes:
    """XLWideString."""
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def _book(names: Sequence[str]) -> bytes:
    """BrtBeginBook 131, BrtBeginBundleShs 143, BrtBundleSh 156, their ends 144 and 132."""
    sheets = (_record(156, struct.pack("<II", 0, n) + _text(f"rId{n}") + _text(name)) for n, name in enumerate(names, 1))
    return _record(131) + _record(143) + b"".join(sheets) + _record(144) + _record(132)


def _styles() -> bytes:
    """BrtBeginStyleSheet 278, BrtBeginCellXFs 617, BrtXF 47: a plain format (0) and a date (14); ends 618 and 279."""
    formats = b"".join(_record(47, struct.pack("<5H4BH", 0, kind, *[0] * 8)) for kind in (0, 14))
    return _record(278) + _record(617, struct.pack("<I", 2)) + formats + _record(618) + _record(279)


def _shared(strings: Sequence[str]) -> bytes:
    """BrtBeginSst 159, BrtSSTItem 19 (a RichStr without runs), BrtEndSst 160."""
    items = b"".join(_record(19, b"\0" + _text(text)) for text in strings)
    return _record(159, struct.pack("<II", len(strings), len(strings))) + items + _record(160)


def _sheet(rows: Sequence[Sequence[Cell]], places: dict[str, int]) -> bytes:
    """BrtBeginSheet 129, BrtWsDim 148, BrtBeginSheetData 145, BrtRowHdr 0, cells, ends 146 and 130."""
    width = max(map(len, rows), default=1)
    out = _record(129) + _record(148, struct.pack("<4I", 0, max(len(rows) - 1, 0), 0, width - 1)) + _record(145)
    for number, row in enumerate(rows):
        out += _record(0, struct.pack("<IIHBBBI2I", number, 0, 300, 0, 0, 0, 1, 0, width - 1))
        out += b"".join(_cell(place, value, places) for place, value in enumerate(row) if value is not None)
    return out + _record(146) + _record(130)


def _cell(place: int, value: Cell, places: dict[str, int]) -> bytes:
    """BrtCellIsst 7, BrtCellBool 4, BrtCellReal 5: column, format, value."""
    match value:
        case bool():
            return _record(4, struct.pack("<IIB", place, _PLAIN, value))
        case str():
            return _record(7, struct.pack("<III", place, _PLAIN, places[value]))
        case date() if not isinstance(value, datetime):
            return _record(5, struct.pack("<IId", place, _DATE, value.toordinal() - _EPOCH.toordinal()))
    assert value is not None, "blank cells are left out"
    assert not isinstance(value, datetime | time), "no test asks for one"
    return _record(5, struct.pack("<IId", place, _PLAIN, value))


def _relations(found: Iterable[tuple[str, str, str]]) -> bytes:
    lines = "".join(f'<Relationship Id="{one}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for one, kind, target in found)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'.encode()


def _content_types(numbers: Iterable[int]) -> bytes:
    kind = "application/vnd.ms-excel"
    named = [("workbook", f"{kind}.sheet.binary.macroEnabled.main"), ("styles", f"{kind}.styles")]
    named += [("sharedStrings", f"{kind}.sharedStrings"), *((f"worksheets/sheet{n}", f"{kind}.worksheet") for n in numbers)]
    lines = "".join(f'<Override PartName="/xl/{name}.bin" ContentType="{one}"/>' for name, one in named)
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{lines}</Types>'.encode()
