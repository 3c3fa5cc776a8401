"""The gateway's work on its files: events into the outbox of their arrangement, receipts and answers into the ledger.

Order is what makes a kill harmless: the outbox is written first, then the receipts, then the answer. Killed before,
between or after, the client has no answer and asks again with the same Idempotency-Key: what the outbox holds
is known under the same derived id, and the answer is made again or found.
"""

import hashlib
import io
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from producers.capturing import Capturing
from producers.clock import Clock, instant_text
from producers.encoding import Encode, bounded, bundled_encoder
from producers.gateway.answers import Accepted, LineResult
from producers.gateway.keys import Caller
from producers.gateway.ledger import Ledger, outbox_path
from producers.gateway.problems import Kind, Refused
from producers.outbox import Fate, Outbox
from producers.readers.json_lines import read_json_event, read_json_lines
from producers.readers.outcome import Fault, Outcome, Reason
from producers.revisions import Standing
from schemas.topics import submitted

ANSWERS_KEPT = timedelta(days=7)
"""How long an Idempotency-Key is remembered. After that the derived ids still keep an event from being stored twice."""

_HINTS = {
    Reason.PROVIDER_MISMATCH: "leave it out: the API key says whose events these are",
    Reason.REVISION_TAKEN: "held under this revision with other content: give the change the next revision",
}


@dataclass(frozen=True, slots=True)
class Submission:
    """A body, unpacked. `lines`: one event a line; otherwise the whole is one event.

    With `corrections`, other content under a revision that is held is the next revision (the form counts none).
    """

    data: bytes
    lines: bool
    idempotency_key: str | None = None
    corrections: bool = False

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(b"%d" % self.lines + self.data).digest()


class Intake:
    """Used by one thread. `namespace` is the prefix of the topics to which the outboxes are bound."""

    def __init__(self, folder: Path, ledger: Ledger, clock: Clock, namespace: str) -> None:
        self._folder = folder
        self._ledger = ledger
        self._clock = clock
        self._namespace = namespace
        self._encode: Encode = bundled_encoder()
        self._outboxes: dict[str, Outbox] = {}

    def take(self, caller: Caller, submission: Submission) -> tuple[bytes, bool]:
        """The JSON of the answer 202, and whether it was given before. Raises Refused, and Failure of the disk."""
        given = self._answer_before(caller, submission)
        if given is not None:
            return given, True
        results = self._captured(caller, submission)
        counted = {outcome: sum(one.outcome == outcome for one in results) for outcome in ("captured", "known", "refused")}
        if counted["refused"] == len(results):
            raise Refused(Kind.INVALID_EVENTS, errors=tuple(results))
        return self._kept(caller, submission, Accepted(**counted, results=tuple(results))), False

    def fate(self, caller: Caller, receipt: str) -> tuple[tuple[str, int], Fate]:
        """Id and revision of the event of a receipt, and how far it has come here.

        Raises Refused alike for a receipt that nobody has and for one of somebody else.
        """
        question = "SELECT event_id, revision FROM receipts WHERE receipt = ? AND arrangement = ? AND provider = ?"
        rows = self._ledger.rows(question, receipt, caller.arrangement, caller.provider)
        if not rows:
            raise Refused(Kind.NOT_FOUND)
        event_id, revision = str(rows[0][0]), int(str(rows[0][1]))
        fate = self._outbox(caller.arrangement).fate(f"{caller.provider}|{event_id}", revision)
        if fate is None:
            raise Refused(Kind.NOT_FOUND, "the outbox no longer holds this event")
        return (event_id, revision), fate

    def close(self) -> None:
        for outbox in self._outboxes.values():
            outbox.close()
        self._ledger.close()

    def _captured(self, caller: Caller, submission: Submission) -> list[LineResult]:
        results: list[LineResult] = []
        held: list[tuple[int, Standing, str]] = []
        capturing = Capturing(
            self._outbox(caller.arrangement),
            self._encode,
            report=lambda fault: results.append(_refused(fault)),
            corrections=submission.corrections,
            held=lambda read, found: held.append((read.row, found, read.event.event_id)),
        )
        capturing.take(bounded(_outcomes(caller, submission), self._encode))
        results.extend(self._receipted(caller, held))
        return sorted(results, key=lambda one: one.line)

    def _receipted(self, caller: Caller, held: Sequence[tuple[int, Standing, str]]) -> Iterator[LineResult]:
        """The same event has the same receipt, however often and with whatever key it is sent."""
        insert = "INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?, ?)"
        select = "SELECT receipt FROM receipts WHERE arrangement = ? AND provider = ? AND event_id = ? AND revision = ?"
        with self._ledger.transaction() as connection:
            for line, found, event_id in held:
                event = (caller.arrangement, caller.provider, event_id, found.revision)
                connection.execute(insert, (f"rcp_{secrets.token_hex(16)}", *event))
                (receipt,) = connection.execute(select, event).fetchone()
                yield LineResult(line, "captured" if found.stores else "known", receipt)

    def _answer_before(self, caller: Caller, submission: Submission) -> bytes | None:
        if submission.idempotency_key is None:
            return None
        question = "SELECT digest, body FROM answers WHERE arrangement = ? AND provider = ? AND idempotency_key = ?"
        rows = self._ledger.rows(question, caller.arrangement, caller.provider, submission.idempotency_key)
        if not rows:
            return None
        digest, body = rows[0]
        if digest != submission.digest:
            raise Refused(Kind.IDEMPOTENCY_KEY_REUSED)
        return bytes(body) if isinstance(body, bytes) else None

    def _kept(self, caller: Caller, submission: Submission, accepted: Accepted) -> bytes:
        body = msgspec.json.encode(accepted)
        if submission.idempotency_key is not None:
            now = self._clock()
            row = (caller.arrangement, caller.provider, submission.idempotency_key, submission.digest, instant_text(now), body)
            with self._ledger.transaction() as connection:
                connection.execute("DELETE FROM answers WHERE given_at < ?", (instant_text(now - ANSWERS_KEPT),))
                connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)
        return body

    def _outbox(self, arrangement: str) -> Outbox:
        if arrangement not in self._outboxes:
            outbox = Outbox(outbox_path(self._folder, arrangement), self._clock)
            self._outboxes[arrangement] = outbox.bind(self._namespace + submitted(arrangement).name)
        return self._outboxes[arrangement]


def _outcomes(caller: Caller, submission: Submission) -> Iterator[Outcome]:
    if submission.lines:
        return read_json_lines(io.BytesIO(submission.data), caller.origin)
    return iter([read_json_event(submission.data, caller.origin)])


def _refused(fault: Fault) -> LineResult:
    hint = _HINTS.get(fault.reason, fault.hint)
    return LineResult(fault.row, "refused", path=fault.column, reason=str(fault.reason), hint=hint)
