"""python -m deploy.demo.invented_events DIR --events N --seed S: a year of invented reports of twelve providers."""

import json
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import click

from deploy.demo import exports
from deploy.demo.providers import Provider, arrangements_toml, providers
from deploy.demo.traffic import Counts, Traffic, traffic

MAPPING = "example-vendor"
README = """\
# Invented

Everything in this folder was made up by `python -m deploy.demo.invented_events`. No such provider, patient, clinician
or event exists. Telephone numbers lie in 555-0100 to 555-0199, social security numbers begin with 9, mail goes to
example.org.

- `arrangements.toml`: what each provider and the PSO agreed.
- `*.jsonl`: exports in canonical fields. `*.csv`: exports of a vendor's system, for `--mapping example-vendor`;
  `*-later.csv` is the export of a later day, to be sent with `--corrections` after the first.
- `expected.json`: what must come out, by provider and in all, and how each file is sent.
- `identifiers.json`: the names and numbers that were planted; no grade but P0 may show one.
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--events", default=2000, show_default=True, type=click.IntRange(12), help="Incidents of all providers.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same files.")
def main(folder: Path, events: int, seed: int) -> None:
    """Write a year of invented reports into FOLDER."""
    totals = write(folder, events, seed)["totals"]
    click.echo(f"{folder}: {totals['lines']} lines of {totals['events']} events in scope")


def write(folder: Path, events: int, seed: int) -> dict[str, Any]:
    """Writes the files and returns what expected.json says."""
    folder.mkdir(parents=True, exist_ok=True)
    everybody = providers(seed)
    told = [_traffic(everybody, place, events, seed) for place in range(len(everybody))]
    totals = Counts()
    for one in told:
        totals.add(one.counts)
    expected = {
        "invented": True,
        "seed": seed,
        "providers": [_write_one(folder, one) for one in told],
        "totals": asdict(totals),
    }
    identifiers = sorted({text for one in told for text in one.identifiers})
    (folder / "README.md").write_text(README)
    (folder / "arrangements.toml").write_text(arrangements_toml(everybody))
    (folder / "expected.json").write_text(_json(expected))
    (folder / "identifiers.json").write_text(_json({"invented": True, "identifiers": identifiers}))
    return expected


def _traffic(everybody: list[Provider], place: int, events: int, seed: int) -> Traffic:
    """Each provider has a random stream of its own: its files do not change when another is added."""
    provider = everybody[place]
    shares = sum(one.share for one in everybody)
    random = Random(f"{provider.short} {seed}")  # noqa: S311 - the same seed must give the same demo
    return traffic(random, provider, max(1, round(events * provider.share / shares)), everybody[place - 1])


def _write_one(folder: Path, told: Traffic) -> dict[str, Any]:
    provider = told.provider
    files = [_file(folder, f"{provider.id}.{'csv' if provider.writes_csv else 'jsonl'}", told, told.lines)]
    if told.later:
        files.append(_file(folder, f"{provider.id}-later.csv", told, told.later))
    return {
        "provider": provider.id,
        "arrangement": provider.arrangement,
        "provider_type": provider.type,
        "source_system": provider.system,
        "files": files,
        **asdict(told.counts),
    }


def _file(folder: Path, name: str, told: Traffic, lines: list[str]) -> dict[str, Any]:
    is_csv = told.provider.writes_csv
    (folder / name).write_text("\n".join([exports.header(), *lines] if is_csv else lines) + "\n", encoding="utf-8")
    return {"name": name, "mapping": MAPPING if is_csv else None, "corrections": lines is told.later}


def _json(content: Any) -> str:
    return json.dumps(content, indent=2) + "\n"


if __name__ == "__main__":
    main()
