"""What the demo submits: a year of invented reports, or a file of somebody's own through a mapping."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.demo import invented_events

MINE = """\
[[arrangement]]
id = "arr-demo"
provider = "prv-demo01"
provider_type = "{provider_type}"
policy_version = 1
in_force_from = "1900-01-01"
narrative_release = "nonidentified"
"""


@dataclass(frozen=True, slots=True)
class Submission:
    """One call of `pso-produce send`."""

    words: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is submitted, under which arrangements, and what is said about it. One queue per provider."""

    about: str
    arrangements: Path
    queues: tuple[tuple[Submission, ...], ...]


def invented(folder: Path, events: int, seed: int) -> Plan:
    """Invented incidents of twelve providers: real ones can by law not be public (42 U.S.C. 299b-22)."""
    expected = invented_events.write(folder, events, seed)
    queues = tuple(
        tuple(
            Submission(_words(folder / file["name"], file["mapping"], file["corrections"]), _environment(folder, provider))
            for file in provider["files"]
        )
        for provider in expected["providers"]
    )
    kinds = len({provider["provider_type"] for provider in expected["providers"]})
    about = (
        f"{expected['totals']['lines']} lines of invented incidents from {len(expected['providers'])} providers of {kinds} "
        "kinds, as JSON lines and as CSV, with duplicates, corrections, withdrawals, unreadable lines and events outside "
        "an arrangement's scope. Real reports are protected by law and cannot be shown; these are made up."
    )
    return Plan(about, folder / "arrangements.toml", queues)


def own_file(folder: Path, file: Path, mapping: str | None, provider_type: str) -> Plan:
    """A file of reports, submitted as if by one provider."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "arrangements.toml").write_text(MINE.format(provider_type=provider_type))
    provider = {"provider": "prv-demo01", "arrangement": "arr-demo", "source_system": file.name}
    submission = Submission(_words(file, mapping, corrections=False), _environment(folder, provider))
    through = f" through the mapping {mapping}" if mapping else ""
    about = f"the reports of {file.name}{through}, submitted as if by one provider ({provider_type})"
    return Plan(about, folder / "arrangements.toml", ((submission,),))


def _words(file: Path, mapping: str | None, corrections: bool) -> tuple[str, ...]:
    form = ("--format", "csv", "--mapping", mapping) if mapping else ("--format", "jsonl")
    return ("pso-produce", "send", str(file), *form, *(("--corrections",) if corrections else ()), "--json")


def _environment(folder: Path, provider: Mapping[str, str]) -> dict[str, str]:
    return {
        "PSO_PRODUCE_ARRANGEMENT": provider["arrangement"],
        "PSO_PRODUCE_PROVIDER": provider["provider"],
        "PSO_PRODUCE_SOURCE_SYSTEM": provider["source_system"],
        "PSO_PRODUCE_OUTBOX": str(folder / f"outbox-{provider['provider']}.sqlite"),
    }


def trickle(folder: Path, events: int, seed: int) -> tuple[Submission, ...]:
    """A few more invented events of the same providers."""
    return tuple(one for queue in invented(folder / f"trickle-{seed}", events, seed).queues for one in queue)
