"""The demo's files are what expected.json says of them: read, captured and judged by the product's own code."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from deploy.demo import invented_events
from deploy.demo.providers import providers
from producers.capturing import Capturing
from producers.encoding import bundled_encoder
from producers.mapping_file import load_mapping
from producers.outbox import Outbox
from producers.readers.csv_rows import CsvRows
from producers.readers.json_lines import read_json_lines
from producers.readers.outcome import Fault, Origin, Reason
from schemas import topics
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.taxonomy import Action
from stream_processors.domain.arrangements import Arrangements, parse_arrangements
from stream_processors.domain.rejection import Rejected
from stream_processors.domain.validation import validate

EVENTS = 1500
CODEC = Codec(bundled())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of one seed."""
    made = tmp_path_factory.mktemp("demo") / "files"
    ran = CliRunner().invoke(invented_events.main, [str(made), "--events", str(EVENTS), "--seed", "7"])
    assert ran.exit_code == 0, ran.output
    return made


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    return found


@pytest.fixture(scope="module")
def arrangements(folder: Path) -> Arrangements:
    return parse_arrangements((folder / "arrangements.toml").read_text())


def captured(folder: Path, one: dict[str, Any], outbox: Outbox) -> tuple[list[Fault], Capturing]:
    """What `pso-produce send` does with a provider's files, up to the broker."""
    origin = Origin(one["provider"], one["source_system"])
    faults: list[Fault] = []
    for file in one["files"]:
        capturing = Capturing(outbox, bundled_encoder(), faults.append, file["corrections"])
        with (folder / file["name"]).open("rb") as stream:
            mapping = file["mapping"] and load_mapping(file["mapping"])
            capturing.take(CsvRows(stream, mapping, origin) if mapping else read_json_lines(stream, origin))
    return faults, capturing


def waiting(outbox: Outbox) -> list[SafetyEvent]:
    events: list[SafetyEvent] = []
    after = 0
    while page := outbox.waiting(after):
        events += [CODEC.decode(one.value, SafetyEvent) for one in page]
        after = page[-1].sequence
    return events


@pytest.mark.parametrize("place", range(12))
def test_what_is_expected_of_a_provider_is_what_its_files_come_to(
    place: int, folder: Path, expected: dict[str, Any], arrangements: Arrangements, tmp_path: Path
) -> None:
    one = expected["providers"][place]
    outbox = Outbox(tmp_path / "outbox", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    faults, _ = captured(folder, one, outbox)
    events = waiting(outbox)
    foreign = sum(fault.reason is Reason.PROVIDER_MISMATCH for fault in faults)
    assert (len(faults) - foreign, foreign) == (one["unreadable"], one["wrong_provider"])
    assert len({(e.event_id, e.revision) for e in events}) == len(events) == one["submitted"]

    outcomes: Counter[str] = Counter()
    accepted: list[SafetyEvent] = []
    for event in events:
        try:
            validate(event, arrangements.of(topics.submitted(one["arrangement"])))
        except Rejected as rejected:
            outcomes[rejected.reason] += 1
        else:
            accepted.append(event)
    assert outcomes == Counter({"out_of_scope": one["out_of_scope"]})
    assert len(accepted) == one["accepted"]
    assert len({event.event_id for event in accepted}) == one["events"]
    assert sum(event.action is Action.WITHDRAW for event in events) == one["withdrawn"]
    assert sum(event.action is Action.CORRECT for event in events) == one["corrections"]


def test_lines_are_counted_and_the_totals_are_sums(folder: Path, expected: dict[str, Any]) -> None:
    totals: Counter[str] = Counter()
    for one in expected["providers"]:
        lines = [(folder / f["name"]).read_text().splitlines()[1 if f["mapping"] else 0 :] for f in one["files"]]
        assert sum(map(len, lines)) == one["lines"]
        totals += Counter({name: one[name] for name in expected["totals"]})
    assert totals == Counter(expected["totals"])


def test_the_year_holds_everything_that_goes_wrong(expected: dict[str, Any]) -> None:
    assert min(expected["totals"].values()) > 0, expected["totals"]
    assert {len(one["files"]) for one in expected["providers"]} == {1, 2}
    assert len({one["provider_type"] for one in expected["providers"]}) >= 6


def test_some_revisions_overtake_what_they_correct(folder: Path) -> None:
    overtaking = 0
    for path in folder.glob("*.jsonl"):
        seen: dict[str, int] = {}
        for line in path.read_text().splitlines():
            found = re.match(r'\{"event_id": "([^"]+)".*"revision": (\d+)', line)
            if found:
                overtaking += int(found[2]) < seen.get(found[1], 0)
                seen[found[1]] = max(int(found[2]), seen.get(found[1], 0))
    assert overtaking > 0


def test_arrangements_differ_in_what_they_release_and_cover(arrangements: Arrangements) -> None:
    found = arrangements.by_topic.values()
    assert len(found) == 12
    assert {str(one.narrative_release) for one in found} == {"none", "anonymized", "nonidentified"}
    assert any(len(one.categories) == 1 for one in found)
    assert any(len(one.report_types) == 1 for one in found)


def test_the_same_seed_gives_the_same_files_and_another_seed_other_ones(folder: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    invented_events.write(again, EVENTS, 7)
    invented_events.write(other, EVENTS, 8)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {path.name: path.read_bytes() for path in again.iterdir()} == files
    assert {one.id for one in providers(7)} & {one.id for one in providers(8)} == set()
    assert {path.read_bytes() for path in other.glob("*.jsonl")} & set(files.values()) == set()


def test_harm_is_rare_as_in_life(folder: Path) -> None:
    harms = Counter(harm for path in folder.glob("*.jsonl") for harm in re.findall(r'"harm": "(\w+)"', path.read_text()))
    incidents = sum(count for harm, count in harms.items() if harm != "not_applicable")
    assert harms["none"] / incidents > 0.55
    assert (harms["severe"] + harms["death"]) / incidents < 0.05
    assert harms["not_applicable"] / harms.total() == pytest.approx(0.22, abs=0.08)


def test_every_telephone_and_social_security_number_is_an_impossible_one(folder: Path) -> None:
    text = "".join(path.read_text() for path in folder.iterdir())
    phones = re.findall(r"\b\d{3}-(\d{3}-\d{4})\b", text)
    assert phones
    assert all(re.fullmatch(r"555-01\d\d", phone) for phone in phones)
    numbers = re.findall(r"\b\d{3}-\d{2}-\d{4}\b", text)
    assert numbers
    assert all(number.startswith("9") for number in numbers)
    assert set(re.findall(r"@([\w.]+)", text)) == {"example.org"}


def test_the_planted_identifiers_are_in_the_files(folder: Path) -> None:
    text = "".join(path.read_text() for path in (*folder.glob("*.jsonl"), *folder.glob("*.csv")))
    planted = json.loads((folder / "identifiers.json").read_text())["identifiers"]
    assert len(planted) > EVENTS
    assert [identifier for identifier in planted if identifier not in text] == []
    assert min(map(len, planted)) > 5, "a short one would be found where it is none"


def test_the_folder_says_that_it_is_invented(folder: Path) -> None:
    assert (folder / "README.md").read_text().startswith("# Invented")
