"""A custody certificate as a page to be printed and put into a file: one HTML document that loads nothing."""

import hashlib
from collections.abc import Iterator
from html import escape
from typing import Any

from producers.custody.certificate import Certificate
from producers.custody.verify import canonical
from producers.pses.items import Matter
from producers.pses.law import Paragraph

_PURPOSES = {
    Matter.FOR_REPORTING: f"assembled or developed for reporting to a PSO ({Paragraph.ENTRY})",
    Matter.DELIBERATION: f"deliberations or analysis of the patient safety evaluation system ({Paragraph.DELIBERATION})",
}
_STATES = {
    "in_pses": "within the patient safety evaluation system, not reported",
    "reported": "reported to the PSO (actual reporting: the PSO's system acknowledged it)",
    "functionally_reported": "reported to the PSO (functional reporting: the PSO has access to it at the provider)",
    "removed": f"removed from the patient safety evaluation system before any reporting ({Paragraph.DOCUMENTED_REMOVAL})",
}
_ENDED = {"reported": "Reported at", "functionally_reported": "Reported at", "removed": "Removed at"}
_STYLE = """
@page { size: A4; margin: 14mm }
body { font: 10pt/1.35 Georgia, serif; color: #000; background: #fff; max-width: 180mm; margin: 8mm auto }
h1 { font-size: 16pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 5mm 0 1mm }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .6mm 2mm .6mm 0 }
th { font-weight: normal; color: #444; width: 42mm } tr { border-bottom: .2mm solid #ccc; break-inside: avoid }
code { font: 8pt/1.3 "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
section { break-inside: avoid } footer { margin-top: 6mm; font-size: 8.5pt }
.links th, .links td { width: auto; white-space: nowrap } .links td:last-child { width: 60%; white-space: normal }
"""


def page(issued: Certificate) -> str:
    """The whole document. Everything in it is in the signed body."""
    return "".join(_page(issued))


def _page(issued: Certificate) -> Iterator[str]:
    body = issued.body
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Custody certificate</title>\n'
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>Custody certificate</h1>\n"
    yield "<p>What a provider's register of its patient safety evaluation system (42 CFR 3.20) says of the items below. "
    yield "Times are UTC, by the clock of the program that keeps the register.</p>\n"
    for item in body["items"]:
        yield from _item(item)
    yield "<h2>Register and signature</h2>\n<table>\n"
    yield _row("Issued at", body["issued_at"])
    yield _row("Register then", f"{body['register']['entries']} entries")
    yield _row("Hash of its last entry", body["register"]["hash"], code=True)
    yield _row("SHA-256 of what is signed", hashlib.sha256(canonical(body)).hexdigest(), code=True)
    yield _row("Public key (Ed25519)", issued.signature["public_key"], code=True)
    yield _row("Signature", issued.signature["value"], code=True)
    yield "</table>\n<footer>This page shows the JSON file of the same name, which is what counts. To check both it and the "
    yield "register: <code>python verify.py CERTIFICATE.json REGISTER.jsonl --key PUBLIC.pem</code>. Patient safety work "
    yield "product: privileged and confidential (42 CFR 3.204, 3.206).</footer>\n</body>\n</html>\n"


def _item(item: dict[str, Any]) -> Iterator[str]:
    yield f"<section>\n<h2>Event {escape(item['event'])}, revision {item['revision']}</h2>\n<table>\n"
    yield _row("Provider", item["provider"])
    yield _row("PSO", item.get("pso", "not stated"))
    yield _row("Purpose", _PURPOSES[Matter(item["matter"])])
    yield _row("PSES policy at entry", item.get("policy", "not stated"))
    yield _row("Entered the PSES at", item["entered_at"])
    if "claimed_at" in item:
        yield _row("Entry as its source says", item["claimed_at"])
    if "corrects" in item:
        yield _row("Corrects", f"revision {item['corrects']}")
    yield _row("State", _STATES[item["state"]])
    if "ended_at" in item:
        yield _row(_ENDED[item["state"]], item["ended_at"])
    if "topic" in item:
        place = f"{item['topic']}, partition {item['partition']}, offset {item['offset']}, {item['timestamp']} ms"
        yield _row("Receipt of the PSO", place)
    if "clause" in item:
        yield _row("Contract clause", item["clause"])
        yield _row("Item list", f"{item['items']} items, SHA-256 {item['list_sha256']}", code=True)
    yield _row("SHA-256 of the content", item["content"], code=True)
    yield '</table>\n<table class="links">\n<tr><th>Entry</th><th>Act</th><th>At</th><th>Hash in the register</th></tr>\n'
    for link in item["links"]:
        cells = (str(link["number"]), link["act"], link["at"])
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td><code>{link['hash']}</code></td></tr>\n"
    yield "</table>\n</section>\n"


def _row(name: str, value: str, *, code: bool = False) -> str:
    shown = f"<code>{escape(value)}</code>" if code else escape(value)
    return f"<tr><th>{name}</th><td>{shown}</td></tr>\n"
