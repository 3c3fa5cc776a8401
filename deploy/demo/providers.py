"""The invented providers: who they are, and what their arrangements with the PSO say."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
NAMES: dict[str, Any] = tomllib.loads((HERE / "names.toml").read_text())
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o, u: read out on the telephone


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `id` and `arrangement` are what the PSO assigned: random, they say nothing about whom they mean."""

    id: str
    arrangement: str
    name: str
    short: str
    type: str
    share: int
    settings: tuple[str, ...]
    ages: tuple[int, int]
    place: tuple[str, str, str]
    writes_csv: bool
    narrative_release: str
    only_report_types: tuple[str, ...]
    only_categories: tuple[str, ...]

    @property
    def system(self) -> str:
        """The name of its incident system."""
        return "Vendor Incidents" if self.writes_csv else f"{self.short} Safety Portal"

    def covers(self, report_type: str, category: str) -> bool:
        """Is such an event inside the scope of the arrangement?"""
        agreed_type = not self.only_report_types or report_type in self.only_report_types
        return agreed_type and (not self.only_categories or category in self.only_categories)


def providers(seed: int) -> list[Provider]:
    """The twelve providers, with the ids that this seed gives them."""
    random = Random(f"providers {seed}")  # noqa: S311 - the same seed must give the same demo
    return [_provider(table, random) for table in NAMES["provider"]]


def _provider(table: dict[str, Any], random: Random) -> Provider:
    return Provider(
        id=f"prv-{''.join(random.choices(_ALPHABET, k=6))}",
        arrangement=f"arr-{''.join(random.choices(_ALPHABET, k=4))}",
        name=table["name"],
        short=table["short"],
        type=table["type"],
        share=table["share"],
        settings=tuple(table["settings"]),
        ages=tuple(table.get("ages", (18, 94))),
        place=tuple(random.choice(NAMES["towns"])),
        writes_csv=table.get("format") == "csv",
        narrative_release=table.get("release", "none"),
        only_report_types=tuple(table.get("only_report_types", ())),
        only_categories=tuple(table.get("only_categories", ())),
    )


def arrangements_toml(of: list[Provider]) -> str:
    """The arrangements as the PSO keeps them. JSON's strings and lists of strings are TOML's too."""
    lines = ["# Invented: no such providers, no such contracts."]
    for provider in of:
        values = {
            "id": provider.arrangement,
            "provider": provider.id,
            "provider_type": provider.type,
            "policy_version": 1 + len(provider.only_categories),
            "in_force_from": "2023-01-01",
            "narrative_release": provider.narrative_release,
        }
        scope = {"report_types": provider.only_report_types, "categories": provider.only_categories}
        values |= {name: list(agreed) for name, agreed in scope.items() if agreed}
        lines += ["", "[[arrangement]]", *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
    return "\n".join(lines) + "\n"
