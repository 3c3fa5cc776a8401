"""An entry of the register: one act on one item, as the bytes that are hashed and exported.

The hash of an entry is SHA-256 over a zero byte and the entry's JSON: keys in order, no blanks, absent fields left out. The
JSON holds the number of the entry and the hash of the one before, so that none can be changed, left out, moved or put in
between without a trace. `producers/custody/verify.py` reads the same from the other side, without this module.
"""

import hashlib

import msgspec

from producers.pses.items import Act

_SORTED = msgspec.json.Encoder(order="sorted")

GENESIS = bytes(32)
"""What the first entry names as the hash before it."""

VERBATIM = 500
"""How many characters a person's own words in the register may have."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """`at`: RFC 3339 in UTC, of this program's clock. What does not belong to the act is absent.

    Entering tells `content` (SHA-256 of what the event said, hex), `matter`, `policy` of the PSES, `pso`, `claimed_at`
    (when the source says it entered) and `corrects`. Reporting tells the broker's receipt. Functional reporting tells the
    clause, how many items the act has and the SHA-256 of their list. Removal tells who and why.
    """

    number: int
    previous: str
    act: Act
    at: str
    provider: str
    event: str
    revision: int
    content: str | None = None
    matter: str | None = None
    policy: str | None = None
    pso: str | None = None
    claimed_at: str | None = None
    corrects: int | None = None
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    timestamp: int | None = None
    clause: str | None = None
    items: int | None = None
    list_sha256: str | None = None
    actor: str | None = None
    reason: str | None = None
    migrated: bool = False

    @property
    def subject(self) -> tuple[str, str, int]:
        """Whose entry it is: provider, event, revision."""
        return self.provider, self.event, self.revision


def report_entry(at: str, subject: tuple[str, str, int], place: tuple[str, int, int, int], *, migrated: bool = False) -> Entry:
    """An unsealed entry of actual reporting. `subject`: provider, event, revision; `place`: the broker's receipt."""
    topic, partition, offset, timestamp = place
    return Entry(
        0, "", Act.REPORT, at, *subject, topic=topic, partition=partition, offset=offset, timestamp=timestamp, migrated=migrated
    )


def entry_json(entry: Entry) -> bytes:
    """The bytes that are hashed."""
    return _SORTED.encode(entry)


def entry_hash(entry: Entry) -> bytes:
    """SHA-256 of an entry."""
    return hashlib.sha256(b"\x00" + entry_json(entry)).digest()


def export_line(entry: Entry, sealed: bytes) -> bytes:
    """One line of the exported register: the entry and the hash under which it was written."""
    return b'{"entry":' + entry_json(entry) + b',"hash":"' + sealed.hex().encode() + b'"}\n'


def list_hash(items: list[tuple[str, str, int, str]]) -> str:
    """SHA-256 of an item list: provider, event, revision and content of each, sorted."""
    return hashlib.sha256(msgspec.json.encode(sorted(items))).hexdigest()
