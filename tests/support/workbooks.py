"""Workbooks made by hand, part by part: what a spreadsheet program writes, and what an attacker would."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from xml.sax.saxutils import escape

_EPOCH = date(1899, 12, 30)
_DAY_SECONDS = 86_400
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DATE, _MOMENT, _TIME = 1, 2, 3

Cell = str | float | bool | date | datetime | time | None


def xlsx(*sheets: tuple[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook with these sheets."""
    return xlsx_of_parts([(name, "".join(_row(number, row) for number, row in enumerate(rows, 1))) for name, rows in sheets])


def xlsx_of_parts(sheets: Sequence[tuple[str, str]], **more: bytes) -> bytes:
    """A workbook whose sheets have these rows as XML; `more`: other entries of the archive."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([(1, "officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations(
            [(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers] + [(99, "styles", "styles.xml")]
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="22"/><xf numFmtId="20"/></cellXfs></styleSheet>',
    }
    for number, (_, rows) in zip(numbers, sheets, strict=True):
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped({name: text.encode() for name, text in parts.items()} | more)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """An OpenDocument spreadsheet of text cells."""
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p></table:table-cell>' for c in row)
        + "</table:table-row>"
        for row in rows
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "manifest")
    )
    content = f"<office:document-content{names}><office:body><office:spreadsheet>"
    content += f'<table:table table:name="Incidents">{cells}</table:table>'
    content += "</office:spreadsheet></office:body></office:document-content>"
    manifest = f"<manifest:manifest{names}></manifest:manifest>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def _row(number: int, row: Sequence[Cell]) -> str:
    cells = "".join(_cell(f"{_column(place)}{number}", value) for place, value in enumerate(row) if value is not None)
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: Cell) -> str:
    match value:
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case datetime():
            return f'<c r="{place}" s="{_MOMENT}"><v>{_days(value) + _seconds(value.time()) / _DAY_SECONDS!r}</v></c>'
        case date():
            return f'<c r="{place}" s="{_DATE}"><v>{_days(value)}</v></c>'
        case time():
            return f'<c r="{place}" s="{_TIME}"><v>{_seconds(value) / _DAY_SECONDS!r}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _days(day: date) -> int:
    return day.toordinal() - _EPOCH.toordinal()


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _column(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _relations(found: Sequence[tuple[int, str, str]]) -> str:
    lines = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for n, kind, target in found)
    return f'<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    lines = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in range(1, sheets + 1)
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{lines}</Types>'
    )
