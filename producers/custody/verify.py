"""Verifies a custody certificate against an exported register: python verify.py CERT.json REGISTER.jsonl --key PUBLIC.pem

Stands alone: this one file, Python 3.9 or newer, and the package `cryptography`. It needs nothing of the program that wrote
either file, and can be copied to whoever is to check them. Exit codes: 0 nothing was changed, 3 something was (each line
names the entry and its item), 2 a file cannot be read.

An entry's hash is SHA-256 over a zero byte and the entry as JSON with sorted keys, no blanks and UTF-8; the entry holds its
number and the hash of the entry before. A certificate's signature is Ed25519 over the same form of its body. A rewriting of
the register with all its hashes shows only against a certificate issued before it: keep certificates where the register is not.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FORMAT = "pso-custody-certificate/1"
GENESIS = "0" * 64
_NAMED = ("content", "matter", "policy", "pso", "claimed_at", "corrects")
_ENDS = {
    "report": ("reported", ("topic", "partition", "offset", "timestamp")),
    "functional_report": ("functionally_reported", ("clause", "items", "list_sha256")),
    "remove": ("removed", ()),
}


def canonical(value: Any) -> bytes:
    """The one form of a JSON value that is hashed and signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entry_hash(entry: Any) -> str:
    """The hash under which an entry is written, hexadecimal."""
    return hashlib.sha256(b"\x00" + canonical(entry)).hexdigest()


def claims(entries: list[Any], hashes: list[str]) -> dict[str, Any]:
    """What a certificate says of one item: made from its entries of the register alone, oldest first."""
    entered, last = entries[0], entries[-1]
    told = {name: entered[name] for name in ("provider", "event", "revision")}
    told |= {name: entered[name] for name in _NAMED if name in entered}
    told |= {"state": "in_pses", "entered_at": entered["at"]}
    if last["act"] in _ENDS:
        state, facts = _ENDS[last["act"]]
        told |= {"state": state, "ended_at": last["at"], **{name: last[name] for name in facts if name in last}}
    links = zip(entries, hashes)  # noqa: B905 - equally long, and `strict` is younger than some Pythons at court
    told["links"] = [{"number": e["number"], "act": e["act"], "at": e["at"], "hash": h} for e, h in links]
    return told


class Register:
    """The lines of an exported register, and every fault of its chain."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.entries: dict[int, Any] = {}
        self.hashes: dict[int, str] = {}
        self.faults: list[str] = []
        self._of: dict[tuple[Any, ...], list[int]] = {}
        self._expected = 1
        self._before: set[str] | None = {GENESIS}
        for number, line in enumerate(lines, 1):
            self._take(number, line)

    def of(self, provider: Any, event: Any, revision: Any) -> list[int]:
        """The numbers of the entries of an item, in order."""
        return self._of.get((provider, event, revision), [])

    def _take(self, number: int, line: bytes) -> None:
        try:
            told = json.loads(line)
            entry, sealed = _typed(told)
        except (ValueError, TypeError, KeyError, RecursionError):
            self.faults.append(f"line {number}: entry {self._expected} cannot be read as it was written")
            self._expected, self._before = self._expected + 1, None
            return
        place = entry["number"]
        name = f"entry {place} ({entry['act']}, event {entry['event']} revision {entry['revision']})"
        computed = entry_hash(entry)
        if computed != sealed or line != canonical(told) + b"\n" or set(told) != {"entry", "hash"}:
            self.faults.append(f"line {number}: {name} was changed")
        self._check_place(number, name, place, entry["previous"])
        self._expected, self._before = place + 1, {sealed, computed}
        self.entries[place], self.hashes[place] = entry, sealed
        self._of.setdefault((entry["provider"], entry["event"], entry["revision"]), []).append(place)

    def _check_place(self, line: int, name: str, place: int, previous: str) -> None:
        if place > self._expected:
            self.faults.append(f"line {line}: before {name} the entries {self._expected} to {place - 1} are missing")
        elif place < self._expected:
            self.faults.append(f"line {line}: {name} stands where entry {self._expected} belongs")
        elif self._before is not None and previous not in self._before:
            self.faults.append(f"line {line}: {name} does not follow the entry before it")


def _typed(told: Any) -> tuple[dict[str, Any], str]:
    """The entry of a line and its hash; raises where what every entry has is not there or is of another kind."""
    entry, sealed = told["entry"], told["hash"]
    texts = (sealed, *(entry[name] for name in ("previous", "act", "at", "provider", "event")))
    numbers = (entry["number"], entry["revision"])
    if not all(isinstance(text, str) for text in texts) or not all(type(number) is int for number in numbers):
        raise TypeError
    return entry, sealed


def certificate_faults(certificate: Any, register: Register, key: Ed25519PublicKey) -> list[str]:
    """Every fault of a certificate: of its signature, of its items, and of the register that it was issued on."""
    try:
        body = certificate["body"]
        faults = [] if body["format"] == FORMAT else [f"certificate: its format is not {FORMAT}"]
        faults += _signature_faults(certificate, key) + _head_faults(body["register"], register)
        for item in body["items"]:
            faults += _item_faults(item, register, body["register"]["entries"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return [f"certificate: it is not whole ({type(error).__name__})"]
    return faults


def _signature_faults(certificate: Any, key: Ed25519PublicKey) -> list[str]:
    if set(certificate) != {"body", "signature"} or set(certificate["signature"]) != {"algorithm", "public_key", "value"}:
        return ["certificate: it has other parts than a body and a signature"]
    stated = certificate["signature"]
    faults = []
    if stated["algorithm"] != "Ed25519" or stated["public_key"] != key.public_bytes_raw().hex():
        faults.append("certificate: it names another key than the one given")
    try:
        key.verify(bytes.fromhex(stated["value"]), canonical(certificate["body"]))
    except (InvalidSignature, ValueError):
        faults.append(
            "certificate: the signature is not of this key over this body: the certificate was changed or is not theirs"
        )
    return faults


def _head_faults(head: Any, register: Register) -> list[str]:
    number, last = head["entries"], max(register.hashes, default=0)
    if number > last:
        return [f"register: the entries {last + 1} to {number} were there when the certificate was issued and are missing"]
    if number and register.hashes.get(number) != head["hash"]:
        return [f"register: entry {number}, the last one when the certificate was issued, or one before it was rewritten"]
    return []


def _item_faults(item: Any, register: Register, until: int) -> list[str]:
    name = f"event {item['event']} revision {item['revision']}"
    numbers = [n for n in register.of(item["provider"], item["event"], item["revision"]) if n <= until]
    if not numbers:
        return [f"certificate: {name} is not in the register"]
    told = claims([register.entries[n] for n in numbers], [register.hashes[n] for n in numbers])
    differing = sorted(field for field in set(told) | set(item) if told.get(field) != item.get(field))
    return [f"certificate: {name}: the register says otherwise of {', '.join(differing)}"] if differing else []


def main() -> int:
    """Verifies what the command line names; the exit code."""
    parser = argparse.ArgumentParser(description="Find any edit of a custody certificate or of the register under it.")
    parser.add_argument("certificate", metavar="CERT.json", type=Path)
    parser.add_argument("register", metavar="REGISTER.jsonl", type=Path)
    parser.add_argument("--key", metavar="PUBLIC.pem", type=Path, required=True, help="the provider's public key")
    given = parser.parse_args()
    try:
        key = load_pem_public_key(given.key.read_bytes())
        register = Register(given.register.read_bytes().splitlines(keepends=True))
        certificate = json.loads(given.certificate.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        sys.stderr.write(f"verify: a file cannot be read: {error}\n")
        return 2
    if not isinstance(key, Ed25519PublicKey):
        sys.stderr.write(f"verify: {given.key} holds no Ed25519 key\n")
        return 2
    faults = register.faults + certificate_faults(certificate, register, key)
    for fault in faults:
        sys.stdout.write(fault + "\n")
    if not faults:
        items = len(certificate["body"]["items"])
        sys.stdout.write(f"unchanged: {len(register.entries)} entries of the register, {items} items of the certificate\n")
    return 3 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
