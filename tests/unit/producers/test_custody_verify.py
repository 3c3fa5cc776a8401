"""The stand-alone verifier: whatever is edited in a register or a certificate is found, and the item is named."""

import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from producers.custody.acts import Custody
from producers.custody.certificate import certificate
from producers.custody.reading import entries, head
from producers.custody.verify import Register, canonical, certificate_faults, entry_hash
from producers.encoding import bundled_encoder
from producers.entrance import Entering
from producers.outbox import Outbox, Receipt
from producers.pses.entries import export_line
from producers.pses.items import Matter
from tests.support.builders import safety_event

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()


def _made() -> tuple[list[bytes], dict[str, Any]]:
    """A register with every act in it, and a certificate over all its items."""
    encode = bundled_encoder()
    with tempfile.TemporaryDirectory() as folder, Outbox(Path(folder) / "outbox.sqlite", lambda: NOON) as outbox:
        first = [safety_event(event_id=f"evt-{number}") for number in range(3)]
        outbox.capture(first, encode, entering=Entering("policy 3", "PSO 17"))
        outbox.capture([safety_event(event_id="evt-0", unit="ED")], encode, corrections=True)
        analysis = Entering("policy 3", "PSO 17", Matter.DELIBERATION, send=False)
        outbox.capture([safety_event(event_id="rca-1")], encode, entering=analysis)
        outbox.settle([Receipt(1, "topic-a", 2, 41, 1_772_366_400_000)], [])
        Custody(outbox).report_functionally(["evt-1"], "clause 4.2 (b)")
        Custody(outbox).remove(["evt-2"], "quality office", "entered by mistake")
        lines = [export_line(entry, sealed) for entry, sealed in entries(outbox)]
        issued = certificate(entries(outbox), head(outbox), outbox.now(), KEY)
    return lines, json.loads(issued.document)


LINES, CERTIFICATE = _made()
ENTRIES = [json.loads(line)["entry"] for line in LINES]


def faults(lines: list[bytes], issued: Any = CERTIFICATE) -> list[str]:
    register = Register(lines)
    return register.faults + certificate_faults(issued, register, PUBLIC)


def named(entry: dict[str, Any]) -> str:
    return f"event {entry['event']} revision {entry['revision']}"


def line_of(told: Any) -> bytes:
    return canonical(told) + b"\n"


def resealed(changed: list[dict[str, Any]]) -> list[bytes]:
    """A register written anew with all its hashes, as somebody would who knows how it is made."""
    lines, previous = [], "0" * 64
    for number, entry in enumerate(changed, 1):
        told = {**entry, "number": number, "previous": previous}
        previous = entry_hash(told)
        lines.append(line_of({"entry": told, "hash": previous}))
    return lines


def test_what_was_not_edited_has_no_fault() -> None:
    assert faults(LINES) == []
    assert {entry["act"] for entry in ENTRIES} == {"enter", "report", "functional_report", "remove"}
    assert resealed(ENTRIES) == LINES


FIELDS = [(place, field) for place, entry in enumerate(ENTRIES) for field in entry]
FIELD_IDS = [f"{place + 1}-{field}" for place, field in FIELDS]


def other(value: Any) -> Any:
    return value + 1 if isinstance(value, int) else value + "x"


@pytest.mark.parametrize(("place", "field"), FIELDS, ids=FIELD_IDS)
def test_a_changed_field_of_an_entry_is_found_and_its_item_is_named(place: int, field: str) -> None:
    told = json.loads(LINES[place])
    told["entry"][field] = other(told["entry"][field])
    found = Register([*LINES[:place], line_of(told), *LINES[place + 1 :]]).faults
    assert any(
        f"line {place + 1}: entry" in fault and named(told["entry"]) in fault and "was changed" in fault for fault in found
    )


@pytest.mark.parametrize(("place", "field"), FIELDS, ids=FIELD_IDS)
def test_a_field_left_out_is_found_at_its_line(place: int, field: str) -> None:
    told = json.loads(LINES[place])
    del told["entry"][field]
    found = Register([*LINES[:place], line_of(told), *LINES[place + 1 :]]).faults
    assert found
    assert found[0].startswith(f"line {place + 1}: entry {place + 1} ")


@pytest.mark.parametrize("place", range(len(LINES)))
def test_every_single_byte_of_a_line_counts(place: int) -> None:
    line = LINES[place]
    for at in range(len(line)):
        edited = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
        found = Register([*LINES[:place], *edited.splitlines(keepends=True), *LINES[place + 1 :]]).faults
        assert found, at
        assert found[0].startswith(f"line {place + 1}: "), at


@pytest.mark.parametrize("place", range(len(LINES)))
def test_a_dropped_entry_is_missed(place: int) -> None:
    found = faults(LINES[:place] + LINES[place + 1 :])
    missing = f"the entries {place + 1} to {place + 1}"
    assert any(missing in fault for fault in found)
    assert any(named(ENTRIES[place]) in fault for fault in found)


@pytest.mark.parametrize("place", range(len(LINES) - 1))
def test_entries_in_another_order_are_found(place: int) -> None:
    found = Register([*LINES[:place], LINES[place + 1], LINES[place], *LINES[place + 2 :]]).faults
    assert any(f"stands where entry {place + 3} belongs" in fault and named(ENTRIES[place]) in fault for fault in found)


@pytest.mark.parametrize("place", range(len(LINES) + 1))
def test_an_entry_put_in_between_is_found(place: int) -> None:
    previous = json.loads(LINES[place - 1])["hash"] if place else "0" * 64
    forged = {**ENTRIES[0], "event": "evt-forged", "number": place + 1, "previous": previous}
    line = line_of({"entry": forged, "hash": entry_hash(forged)})
    found = faults([*LINES[:place], line, *LINES[place:]])
    if place < len(LINES):
        assert any("stands where" in fault and named(ENTRIES[place]) in fault for fault in found)
    else:  # the register may grow after a certificate was issued
        assert found == []


@pytest.mark.parametrize("left", range(len(LINES)))
def test_a_register_cut_short_is_found_by_the_head_of_a_certificate(left: int) -> None:
    found = faults(LINES[:left])
    assert (
        f"register: the entries {left + 1} to {len(LINES)} were there when the certificate was issued and are missing" in found
    )
    assert all(any(named(entry) in fault for fault in found) for entry in ENTRIES[left:])


@pytest.mark.parametrize(("place", "field"), FIELDS, ids=FIELD_IDS)
def test_a_register_written_anew_with_all_its_hashes_contradicts_the_certificate(place: int, field: str) -> None:
    if field in ("number", "previous"):
        return  # these are what writing anew sets right
    changed = [dict(entry) for entry in ENTRIES]
    changed[place][field] = other(changed[place][field])
    assert Register(resealed(changed)).faults == []
    found = faults(resealed(changed))
    assert any(named(ENTRIES[place]) in fault for fault in found)


ITEM_FIELDS = [(place, field) for place, item in enumerate(CERTIFICATE["body"]["items"]) for field in item if field != "links"]


@pytest.mark.parametrize(("place", "field"), ITEM_FIELDS, ids=[f"{place}-{field}" for place, field in ITEM_FIELDS])
def test_a_changed_field_of_a_certificate_is_found_and_its_item_is_named(place: int, field: str) -> None:
    issued = json.loads(canonical(CERTIFICATE))
    item = issued["body"]["items"][place]
    item[field] = other(item[field])
    found = faults(LINES, issued)
    assert any("the signature is not of this key over this body" in fault for fault in found)
    assert any(named(item) in fault for fault in found)


def test_every_link_of_a_certificate_counts() -> None:
    for place, item in enumerate(CERTIFICATE["body"]["items"]):
        for number, link in enumerate(item["links"]):
            for field in link:
                issued = json.loads(canonical(CERTIFICATE))
                issued["body"]["items"][place]["links"][number][field] = other(link[field])
                assert any(named(item) in fault and "links" in fault for fault in faults(LINES, issued))


@pytest.mark.parametrize("field", ["algorithm", "public_key", "value"])
def test_a_changed_signature_is_found(field: str) -> None:
    issued = json.loads(canonical(CERTIFICATE))
    issued["signature"][field] = other(issued["signature"][field])
    assert len(faults(LINES, issued)) == 1


def test_a_certificate_of_another_key_is_not_theirs() -> None:
    another = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))).public_key()
    found = certificate_faults(CERTIFICATE, Register(LINES), another)
    assert [fault.partition(":")[2] for fault in found] == [
        " it names another key than the one given",
        " the signature is not of this key over this body: the certificate was changed or is not theirs",
    ]


UNWHOLE: list[Any] = [None, [], {}, {"body": {}}, {"body": {"format": 1}, "signature": {}}, {"body": {"items": 3}}]


@pytest.mark.parametrize("issued", UNWHOLE, ids=str)
def test_what_is_no_certificate_is_told_and_not_taken(issued: Any) -> None:
    assert faults(LINES, issued)


HOSTILE = [b"[" * 100_000, b"null", b"{}", b'{"entry":{"number":true},"hash":1}', b"\xff\xfe", b"", b'{"entry":NaN}']


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_a_line_that_is_no_entry_is_told_by_its_number(line: bytes) -> None:
    assert Register([LINES[0], line + b"\n", *LINES[2:]]).faults[0].startswith("line 2: entry 2 cannot be read")


def test_the_script_runs_alone_away_from_the_package(tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_bytes((ROOT / "producers" / "custody" / "verify.py").read_bytes())
    (tmp_path / "public.pem").write_bytes(PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "cert.json").write_bytes(canonical(CERTIFICATE))
    (tmp_path / "register.jsonl").write_bytes(b"".join(LINES))

    def run(certificate: str = "cert.json") -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-I", "verify.py", certificate, "register.jsonl", "--key", "public.pem"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    good = run()
    assert (good.returncode, good.stdout) == (0, "unchanged: 8 entries of the register, 5 items of the certificate\n")
    (tmp_path / "register.jsonl").write_bytes(b"".join(LINES).replace(b"entered by mistake", b"entered by Mistake"))
    bad = run()
    assert (bad.returncode, bad.stdout) == (3, "line 8: entry 8 (remove, event evt-2 revision 1) was changed\n")
    assert run("missing.json").returncode == 2
