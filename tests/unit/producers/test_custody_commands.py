"""The commands of custody as a quality office sees them, as far as no broker is needed."""

import json
import shutil
import sqlite3
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from producers.failure import ExitCode
from tests.unit.producers.test_commands import produce

ROOT = Path(__file__).parents[3]
WORDS = ("--actor", "quality office", "--reason", "entered by mistake")


def event(name: str) -> str:
    told = [{"kind": "description", "text": "Mr Quartermain fell"}]
    return json.dumps({"event_id": name, "report_type": "incident", "narratives": told}) + "\n"


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where evt-1 to evt-3 and an analysis have entered. Not to be changed."""
    folder = tmp_path_factory.mktemp("entered")
    (folder / "events.jsonl").write_text("".join(event(f"evt-{number}") for number in (1, 2, 3)))
    (folder / "analysis.jsonl").write_text(event("rca-1"))
    for words in (("events.jsonl",), ("analysis.jsonl", "--deliberation")):
        ran = produce(folder, "enter", *words, PSO_PRODUCE_PSES_POLICY="policy 3", PSO_PRODUCE_PSO="PSO 17")
        assert ran.returncode == ExitCode.OK
    return folder


@pytest.fixture
def folder(entered: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(entered, tmp_path / "copy"))


def test_entering_needs_no_broker_and_a_second_time_adds_nothing(folder: Path) -> None:
    again = produce(folder, "enter", "events.jsonl", "--json", PSO_KAFKA_BOOTSTRAP_SERVERS="")
    assert json.loads(again.stdout) == {
        "kind": "summary", "entered": 0, "corrections": 0, "known": 3, "faults": 0, "in_pses": 4,
    }  # fmt: skip


def test_removal_is_documented_and_lawful_once(folder: Path) -> None:
    removed = produce(folder, "remove", "evt-1", *WORDS, "--json")
    assert json.loads(removed.stdout) == {"kind": "summary", "removed": 1, "in_pses": 3}
    lines = [json.loads(line) for line in produce(folder, "history", "evt-1", "--json").stdout.splitlines()]
    assert [line["act"] for line in lines] == ["enter", "remove"]
    assert (lines[0]["policy"], lines[0]["pso"]) == ("policy 3", "PSO 17")
    assert (lines[1]["actor"], lines[1]["reason"]) == ("quality office", "entered by mistake")
    again = produce(folder, "remove", "evt-1", *WORDS)
    assert (again.returncode, again.stdout) == (ExitCode.REFUSED, "")
    assert "42 CFR 3.20, patient safety work product (2)(i)" in again.stderr


def test_a_removed_event_in_the_next_file_is_a_fault_of_its_row(folder: Path) -> None:
    produce(folder, "remove", "evt-1", *WORDS)
    (folder / "changed.jsonl").write_text(event("evt-1").replace("fell", "fell twice"))
    ran = produce(folder, "enter", "changed.jsonl", "--corrections")
    assert ran.returncode == ExitCode.FOUND
    assert "changed.jsonl:1: event_id: removed: this event was removed from the PSES (42 CFR 3.20)" in ran.stderr


def test_an_analysis_is_not_removed(folder: Path) -> None:
    ran = produce(folder, "remove", "rca-1", *WORDS)
    assert ran.returncode == ExitCode.REFUSED
    assert "42 CFR 3.20, patient safety work product (1)(ii)" in ran.stderr


def test_reporting_while_the_broker_is_away_leaves_the_event_in_the_pses(folder: Path) -> None:
    away = produce(folder, "report", "evt-1", "--timeout", "1")
    assert (away.returncode, away.stdout) == (ExitCode.UNAVAILABLE, "queued 1, waiting 1, refused 0\n")
    shown = json.loads(produce(folder, "status", "--json").stdout)
    assert shown["pses"] == {"in_pses": 4, "offered": 0, "reported": 0, "functionally_reported": 0, "removed": 0}
    assert shown["register"]["entries"] == 4
    assert produce(folder, "remove", "evt-1", *WORDS).returncode == ExitCode.OK  # nothing was handed over


def test_a_functional_report_is_of_a_list_of_items(folder: Path) -> None:
    (folder / "items.txt").write_text("evt-1\n\nevt-2\n")
    ran = produce(folder, "functional-report", "--clause", "4.2 (b)", "--items", "items.txt", "--json")
    assert json.loads(ran.stdout) == {"kind": "summary", "functionally_reported": 2}
    again = produce(folder, "functional-report", "--clause", "4.2 (b)", "--items", "-", data=b"evt-3\nevt-2\n")
    assert again.returncode == ExitCode.REFUSED
    assert "evt-2 revision 1: it was reported to the PSO" in again.stderr
    status = produce(folder, "status").stdout
    assert "in_pses 2, offered 0, reported 0, functionally_reported 2, removed 0" in status


WRONG_USE = [
    (("remove", "evt-1", "--actor", "qa"), ExitCode.USAGE, "Missing option '--reason'"),
    (("remove", "evt-1", "--actor", "qa", "--reason", " "), ExitCode.USAGE, "give 1 to 500 printable characters"),
    (("remove", "evt-1", "--actor", "a\nb", "--reason", "x"), ExitCode.USAGE, "in one line"),
    (("remove", "evt-9", *WORDS), ExitCode.FAILED, "the outbox holds no event evt-9: nothing was done"),
    (("history", "evt-9"), ExitCode.FAILED, "the outbox holds no event evt-9"),
    (("history", "é"), ExitCode.USAGE, "visible characters of ASCII only"),
    (("report",), ExitCode.USAGE, "name the events to be reported, or give --all"),
    (("report", "evt-1", "--all"), ExitCode.USAGE, "name the events to be reported, or give --all"),
    (("functional-report", "--clause", "1", "--items", "no.txt"), ExitCode.FAILED, "no.txt: No such file"),
    (("functional-report", "--clause", "1", "--items", "-"), ExitCode.FAILED, "it lists no event"),
    (("certificate", "evt-1", "--out", "c"), ExitCode.USAGE, "make one with `pso-produce key new`"),
]


@pytest.mark.parametrize(("words", "code", "told"), WRONG_USE, ids=[" ".join(row[0]) for row in WRONG_USE])
def test_wrong_use_is_answered_by_what_is_right(entered: Path, words: tuple[str, ...], code: ExitCode, told: str) -> None:
    ran = produce(entered, *words)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr


def verified(folder: Path, certificate: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "producers" / "custody" / "verify.py"
    words = [sys.executable, str(script), certificate, "register.jsonl", "--key", "pso-custody-key.pem.pub"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_a_certificate_is_verified_against_the_exported_register(folder: Path) -> None:
    produce(folder, "remove", "evt-2", *WORDS)
    assert produce(folder, "key", "new").returncode == ExitCode.OK
    made = produce(folder, "certificate", "evt-1", "evt-2", "--out", "certificates").stdout.splitlines()
    assert made == ["certificates/custody-evt-1.json", "certificates/custody-evt-2.json"]
    (both,) = produce(folder, "certificate", "evt-1", "evt-2", "--together", "--out", "certificates").stdout.splitlines()
    produce(folder, "remove", "evt-3", *WORDS)  # a register that grows later changes nothing
    produce(folder, "register", "export", "--out", "register.jsonl")
    for name in (*made, both):
        assert verified(folder, name).returncode == 0
    register = folder / "register.jsonl"
    register.write_bytes(register.read_bytes().replace(b"quality office", b"Quality office", 1))
    found = verified(folder, made[1])
    assert (found.returncode, found.stdout) == (3, "line 5: entry 5 (remove, event evt-2 revision 1) was changed\n")


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_certificate_shows_what_counts_and_no_word_of_the_event_and_no_person(folder: Path) -> None:
    produce(folder, "remove", "evt-2", *WORDS)
    produce(folder, "key", "new")
    produce(folder, "certificate", "evt-2", "--out", "out")
    document, page = ((folder / "out" / f"custody-evt-2.{suffix}").read_text() for suffix in ("json", "html"))
    for text in (document, page):
        assert not any(words in text for words in ("Quartermain", "fell", "quality office", "mistake"))
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not any(name in ("src", "href") for name, _ in tags.attributes)  # nothing is loaded from elsewhere
    (item,) = json.loads(document)["body"]["items"]
    shown = ("policy", "pso", "entered_at", "ended_at", "content", "event")
    assert all(item[name] in tags.words for name in shown)
    assert all(link["hash"] in tags.words for link in item["links"])
    assert "assembled or developed for reporting to a PSO" in tags.words
    assert json.loads(document)["signature"]["value"] in tags.words


def test_the_key_is_its_owners_and_is_never_printed_or_replaced(folder: Path) -> None:
    made = produce(folder, "key", "new", "--json")
    private = folder / "pso-custody-key.pem"
    secret = private.read_text()
    assert private.stat().st_mode & 0o777 == 0o600
    assert secret.splitlines()[1] not in made.stdout + made.stderr
    assert json.loads(made.stdout)["public_key_file"] == "pso-custody-key.pem.pub"
    again = produce(folder, "key", "new")
    assert (again.returncode, private.read_text()) == (ExitCode.FAILED, secret)
    private.chmod(0o644)
    refused = produce(folder, "certificate", "evt-1", "--out", "out")
    assert refused.returncode == ExitCode.REFUSED
    assert "others may read it" in refused.stderr


def test_files_of_custody_are_readable_by_their_owner_only(folder: Path) -> None:
    produce(folder, "key", "new")
    produce(folder, "certificate", "evt-1", "--out", "out")
    produce(folder, "register", "export", "--out", "out/register.jsonl")
    assert {path.stat().st_mode & 0o777 for path in (folder / "out").iterdir()} == {0o600}
    assert len(list((folder / "out").iterdir())) == 3


def test_an_edited_outbox_is_found_and_the_item_is_named(folder: Path) -> None:
    assert produce(folder, "register", "check").returncode == ExitCode.OK
    connection = sqlite3.connect(folder / "pso-outbox.sqlite", isolation_level=None)
    connection.execute("DROP TRIGGER entry_is_not_edited")
    connection.execute("UPDATE events SET entered_at = '2020-01-01T00:00:00.000000Z' WHERE event_id = 'evt-2'")
    connection.close()
    found = produce(folder, "register", "check")
    assert found.returncode == ExitCode.FOUND
    assert found.stdout == "line 2: entry 2 (enter, event evt-2 revision 1) was changed\n"


@pytest.mark.parametrize(
    "words", ["enter", "remove", "report", "functional-report", "history", "register export", "certificate"]
)
def test_every_command_explains_itself_with_an_example(tmp_path: Path, words: str) -> None:
    ran = produce(tmp_path, *words.split(), "--help")
    assert ran.returncode == ExitCode.OK
    assert f"\n    pso-produce {words}" in ran.stdout
