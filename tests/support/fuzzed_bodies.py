"""Bodies of every format, damaged at random: `python -m tests.support.fuzzed_bodies --bodies 100000 --seed 1`.

Whatever a reader is given, it must give events and faults and come to an end; anything else that it raises is a finding.
Prints how many bodies of each format were read, and how many events and faults they gave.
"""

import argparse
import io
import json
import random
from collections import Counter
from collections.abc import Iterator

from producers.readers.encodings import as_utf8, recognised
from producers.readers.outcome import Fault
from tests.support.bad_input import CASES, Reader
from tests.support.workbooks import xlsx

_CSV = 'id,unit,more\n1,ICU,"a\nb"\n2,"6 ""North""",x\n3,=1+1,\n'
_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><C xmlns="urn:x"><Header><ProviderID>prv-1</ProviderID></Header><Event>'
    '<DataElement ID="DE3"><Answer Code="A3"/></DataElement><DataElement ID="DE21"><Answer Code="A66"><AdditionalInfo>w'
    '</AdditionalInfo></Answer></DataElement></Event><Event><DataElement ID="DE3"><Answer Code="A6"/></DataElement></Event></C>'
)
_DSV = "ProviderID|prv-1\nEvent|DataElement|Answer|AdditionalInfo\n1|DE3|A3|\n1|DE21|A66|wheel\n2|DE3|A6|\n"
_EVENT = (
    '{"resourceType": "AdverseEvent", "id": "a1", "actuality": "actual", "subject": {"reference": "#p"}, "contained": '
    '[{"resourceType": "Patient", "id": "p", "name": [{"family": "Null"}]}], "category": [{"coding": [{"code": "wrong-rate"}]}]'
    ', "date": "2024-05-16T21:40:00-05:00", "outcome": {"coding": [{"code": "fatal"}]}, "meta": {"versionId": "2"}}'
)
_BUNDLE = '{\n"resourceType": "Bundle", "entry": [{"fullUrl": "urn:1", "resource": ' + _EVENT + "}, {}]}"
_LINE = '{"event_id": "evt-1", "report_type": "incident", "harm": "mild", "narratives": [{"kind": "description", "text": "x"}]}'

SEEDS: dict[str, tuple[str, list[bytes]]] = {
    # format: the case of bad_input whose reader reads it, and sound bodies
    "csv": ("csv line", [_CSV.encode(), _CSV.encode("utf-16"), _CSV.replace(",", ";").encode("cp1252")]),
    "jsonl": ("json line", [f"{_LINE}\n{_LINE}\n".encode()]),
    "cf-xml": ("xml text", [_XML.encode(), _XML.replace("UTF-8", "UTF-16").encode("utf-16")]),
    "cf-dsv": ("dsv event", [_DSV.encode()]),
    "fhir": ("fhir line", [f"{_EVENT}\n{_EVENT}\n".encode(), _BUNDLE.encode()]),
    "excel": ("workbook of many rows", [xlsx(("A", [["id", "unit"], ["1", "ICU"], [2.0, "ED"]]))]),
}
_EACH_EXCEL = 200
"""One body in so many is a workbook: each takes a process of its own, a fifth of a second."""
_TOKENS = (
    b'"', b"\n", b"\r\n", b"\0", b",", b";", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"<", b"&x;", b"<!DOCTYPE a>", b"]]>", b"{",
    b"[" * 300, b"\\u0000", b"\\ud800", b"1e999", b"null", b"=cmd|' /C calc'!A0", b"../../etc/passwd", b"UNK", b"A66", b"}",
)  # fmt: skip


def damaged(body: bytes, chance: random.Random) -> bytes:
    """The body with one to six changes: bytes overwritten, cut out, doubled, put in, or everything behind cut off."""
    found = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(found) + 1)
        end = min(len(found), place + chance.randint(1, 30))
        match chance.randrange(6):
            case 0:
                found[place:end] = chance.randbytes(end - place)
            case 1:
                del found[place:end]
            case 2:
                found[place:place] = found[place:end] * chance.randint(1, 20)
            case 3 | 4:
                found[place:place] = chance.choice(_TOKENS)
            case 5 if chance.random() < 0.2:
                del found[place:]
    return bytes(found)


def read_damaged(bodies: int, seed: int) -> dict[str, Counter[str]]:
    """What so many bodies came to, by format. Raises whatever a reader should not have."""
    chance = random.Random(seed)
    names = [name for name in SEEDS if name != "excel"]
    told: dict[str, Counter[str]] = {name: Counter() for name in SEEDS}
    for number in range(bodies):
        name = "excel" if number % _EACH_EXCEL == 0 else names[number % len(names)]
        case, seeds = SEEDS[name]
        try:
            told[name].update(_read(CASES[case][0], damaged(chance.choice(seeds), chance), name))
        except Exception:
            print(f"body {number} of seed {seed}, {name}")
            raise
    return told


def _read(read: Reader, body: bytes, name: str) -> Iterator[str]:
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(body))
    if name in ("csv", "cf-dsv"):
        stream = as_utf8(stream, recognised(io.BytesIO(body)).encoding)  # type: ignore[assignment]
    yield "bodies"
    for outcome in read(stream):
        yield "faults" if isinstance(outcome, Fault) else "events"


def main() -> None:
    """Reads the bodies and says what they came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(read_damaged(given.bodies, given.seed)))


if __name__ == "__main__":
    main()
