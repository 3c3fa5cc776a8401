"""Dropped files: taken when they are whole, answered row by row, the same however often and whenever it is killed."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from producers.commands.watch import Reading
from producers.drops import DropFolder, Flaw
from producers.encoding import bundled_encoder
from producers.failure import Failure
from producers.outbox import Outbox
from producers.readers.outcome import Origin, Outcome

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ORIGIN = Origin("prv-8f3k2m", "rl6-main")
GOOD = b'{"event_id": "evt-1", "report_type": "incident"}\n'
BAD = b'{"event_id": "evt-2", "report_type": "incident", "harm": "Quartermain"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    return tmp_path / "drop"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite", lambda: NOON) as opened:
        yield opened


def manifest(folder: Path, name: str, data: bytes, **changes: object) -> None:
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    said = {"sha256": hashlib.sha256(data).hexdigest(), "lines": lines, **changes}
    (folder / f"{name}.manifest.json").write_text(json.dumps(said))


def drop(folder: Path, name: str = "events.jsonl", data: bytes = GOOD + BAD, **changes: object) -> None:
    (folder / name).write_bytes(data)
    manifest(folder, name, data, **changes)


def work(folder: Path, outbox: Outbox) -> list[Flaw | None]:
    reading = Reading(ORIGIN, "fda-caers")
    return [one.flaw for one in DropFolder(folder).work(outbox, bundled_encoder(), reading.outcomes)]


def ack(folder: Path, name: str = "events.jsonl") -> list[dict[str, Any]]:
    text = (folder / f"{name}.ack.jsonl").read_text()
    assert "Quartermain" not in text
    return [json.loads(line) for line in text.splitlines()]


def done(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder / "done")) for path in (folder / "done").glob("*/*"))


def test_every_row_is_answered_and_the_good_ones_are_on_disk(folder: Path, outbox: Outbox) -> None:
    drop(folder)
    assert work(folder, outbox) == [None]
    rows = sorted(ack(folder)[:-1], key=lambda row: int(row["row"]))
    assert [(row["row"], row["outcome"], row.get("event_id"), row.get("reason")) for row in rows] == [
        (1, "accepted", "evt-1", None), (2, "refused", None, "not_allowed"),
    ]  # fmt: skip
    assert ack(folder)[-1] == {"kind": "summary", "file": "events.jsonl", "reason": "", "accepted": 1, "refused": 1}
    assert len(outbox.waiting(0)) == 1
    assert done(folder) == ["events.jsonl/events.jsonl", "events.jsonl/events.jsonl.manifest.json"]


def test_a_csv_is_read_by_its_mapping(folder: Path, outbox: Outbox) -> None:
    drop(folder, "caers.csv", b"report_id,product,symptom,sex\nR1,ALPHA,RASH,Female\nR1,ALPHA,DEATH,Female\n")
    assert work(folder, outbox) == [None]
    assert [row["outcome"] for row in ack(folder, "caers.csv")[:-1]] == ["accepted"]


def test_the_same_drop_again_changes_nothing_and_has_the_same_ack(folder: Path, outbox: Outbox) -> None:
    drop(folder)
    work(folder, outbox)
    first = (folder / "events.jsonl.ack.jsonl").read_bytes()
    drop(folder)
    work(folder, outbox)
    assert (folder / "events.jsonl.ack.jsonl").read_bytes() == first
    assert len(outbox.waiting(0)) == 1
    assert {path.parts[0] for path in map(Path, done(folder))} == {"events.jsonl", "events.jsonl.2"}


def test_what_is_not_whole_waits(folder: Path, outbox: Outbox) -> None:
    (folder / "events.jsonl.part").write_bytes(GOOD)
    (folder / "other.jsonl").write_bytes(GOOD)
    (folder / "third.jsonl.manifest.json.part").write_text("{}")
    assert work(folder, outbox) == []
    assert (folder / "other.jsonl").exists()


REFUSED: list[tuple[str, bytes, dict[str, object], Flaw]] = [
    ("events.jsonl", GOOD, {"sha256": "0" * 64}, Flaw.SHA256_DIFFERS),
    ("events.jsonl", GOOD, {"lines": 2}, Flaw.LINES_DIFFER),
    ("events.jsonl", GOOD, {"lines": "1"}, Flaw.BAD_MANIFEST),
    ("events.jsonl", GOOD, {"sha256": None}, Flaw.BAD_MANIFEST),
    ("events.bin", b"\x01\x02", {}, Flaw.UNREADABLE),
]


@pytest.mark.parametrize(("name", "data", "changes", "flaw"), REFUSED, ids=[str(row[3]) + str(row[2]) for row in REFUSED])
def test_a_drop_that_is_not_what_its_manifest_says_is_refused_whole(
    folder: Path, outbox: Outbox, name: str, data: bytes, changes: dict[str, object], flaw: Flaw
) -> None:
    drop(folder, name, data, **changes)
    assert work(folder, outbox) == [flaw]
    assert ack(folder, name) == [{"kind": "summary", "file": name, "reason": str(flaw), "accepted": 0, "refused": 0}]
    assert not outbox.waiting(0)
    assert work(folder, outbox) == []


def test_a_manifest_without_its_file_is_answered(folder: Path, outbox: Outbox) -> None:
    manifest(folder, "events.jsonl", GOOD)
    assert work(folder, outbox) == [Flaw.NO_FILE]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "linked manifest"])
def test_links_and_what_is_no_plain_file_are_refused_and_not_followed(
    folder: Path, outbox: Outbox, tmp_path: Path, kind: str
) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_bytes(GOOD)
    if kind == "link":
        (folder / "events.jsonl").symlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(folder / "events.jsonl")
    elif kind == "folder":
        (folder / "events.jsonl").mkdir()
    if kind == "linked manifest":
        drop(folder, "other.jsonl")
        (folder / "other.jsonl.manifest.json").rename(tmp_path / "said.json")
        (folder / "events.jsonl").write_bytes(GOOD + BAD)
        (folder / "events.jsonl.manifest.json").symlink_to(tmp_path / "said.json")
    else:
        manifest(folder, "events.jsonl", GOOD)
    assert work(folder, outbox) == [Flaw.NO_PLAIN_FILE]
    assert not outbox.waiting(0)
    assert secret.read_bytes() == GOOD


def test_an_ack_does_not_follow_a_link_that_lies_where_it_goes(folder: Path, outbox: Outbox, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    for name in ("events.jsonl.ack.jsonl", "events.jsonl.ack.jsonl.part"):
        (folder / name).symlink_to(victim)
    drop(folder)
    work(folder, outbox)
    assert victim.read_text() == "kept"
    assert not (folder / "events.jsonl.ack.jsonl").is_symlink()


@pytest.mark.parametrize("name", ["..jsonl", "-rf.jsonl", "a b.jsonl", "é.jsonl", "x\n.jsonl", "a" * 200 + ".jsonl"])
def test_odd_names_are_never_taken_and_are_counted(folder: Path, outbox: Outbox, name: str) -> None:
    drop(folder, name, GOOD)
    assert work(folder, outbox) == []
    assert DropFolder(folder).unsafe() == 2


def test_the_inner_folders_cannot_be_dropped(folder: Path, outbox: Outbox) -> None:
    DropFolder(folder)
    for name in ("done", ".taken", "x.part"):
        manifest(folder, name, GOOD)
    assert work(folder, outbox) == []


class Killed(BaseException):
    """As kill -9 at this point, as far as files can tell."""


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_drop_that_is_interrupted_anywhere_is_taken_up_again(
    folder: Path, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    drop(folder)
    renames = 0
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        nonlocal renames
        renames += 1
        if renames == at:
            raise Killed
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(Killed):
            work(folder, outbox)
    work(folder, outbox)
    assert [row["outcome"] for row in ack(folder)[:-1]].count("accepted") == 1
    assert done(folder) == ["events.jsonl/events.jsonl", "events.jsonl/events.jsonl.manifest.json"]
    assert len(outbox.waiting(0)) == 1


def test_an_outbox_that_cannot_be_written_leaves_the_drop_to_the_next_pass(folder: Path, outbox: Outbox) -> None:
    drop(folder)

    @contextmanager
    def reading(_path: Path) -> Iterator[Iterator[Outcome]]:
        def broken() -> Iterator[Outcome]:
            raise Failure("outbox: the disk is full")
            yield

        yield broken()

    with pytest.raises(Failure, match="full"):
        list(DropFolder(folder).work(outbox, bundled_encoder(), reading))
    assert not (folder / "events.jsonl.ack.jsonl").exists()
    assert work(folder, outbox) == [None]
