"""A round of canaries in the demo: invented events with planted identifiers, through the same flow, counted nowhere."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.demo.running import command

ARRANGEMENT = """
[[arrangement]]  # the canaries'
id = "arr-canary"
provider = "prv-canary"
provider_type = "hospital"
policy_version = 1
in_force_from = "2023-01-01"
narrative_release = "nonidentified"
test = true
"""
_IN_A_LINE = 3


def prepare(arrangements: Path) -> dict[str, str]:
    """Add the test arrangement and make a seed; the settings that name them."""
    with arrangements.open("a") as file:
        file.write(ARRANGEMENT)
    seed = arrangements.with_name("canary-seed")
    seed.touch(0o600)
    seed.write_text(secrets.token_hex(32))
    return {"PSO_ARRANGEMENTS_FILE": str(arrangements), "PSO_CANARY_SEED_FILE": str(seed)}


def check(environment: Mapping[str, str]) -> dict[str, Any]:
    """What one round found."""
    found: dict[str, Any] = json.loads(command(environment, "pso", "canaries", "check", "--json", accept=(0, 3)))
    return found


def told(found: Mapping[str, Any]) -> list[str]:
    """Lines for the story: recall of each type in both grades, and what is wrong, if anything is."""
    of_p1, of_p2 = found["recall"]["P1"], found["recall"]["P2"]
    cells = [f"{name} {_share(of_p1, name)} {_share(of_p2, name)}" for name in of_p2]
    lines = [
        "  " + "".join(f"{cell:<38}" for cell in cells[at : at + _IN_A_LINE]).rstrip()
        for at in range(0, len(cells), _IN_A_LINE)
    ]
    lost, withheld = (sum(found[what].values()) for what in ("lost", "quarantined"))
    removed = " and ".join(f"{share:.1%} in {grade}" for grade, share in found["false_removal"].items() if share is not None)
    lines.append(f"  lost {lost}, quarantined {withheld}, clinical terms removed: {removed}")
    wrong = [" ".join(filter(None, (one["grade"], one["type"], one["what"]))) for one in found["findings"]]
    lines.append(f"  NOT as it should be: {', '.join(wrong)}" if wrong else "  every type is above its floor")
    return lines


def _share(recall: Mapping[str, float | None], name: str) -> str:
    if name not in recall:
        return "stays"
    share = recall[name]
    return "-" if share is None else f"{share:.3f}"
