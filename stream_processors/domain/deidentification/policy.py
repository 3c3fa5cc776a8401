"""The policy as data: what becomes of every field in each output, and into which of them which arrangement lets narratives.

An arrangement itself is no part of it: its `policy_version` is in every record beside the manifest.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from stream_processors.domain.deidentification.narrative import RELEASED_IN
from stream_processors.domain.deidentification.rules import Output, rules_of


def policy() -> Mapping[str, Any]:
    """Output -> field -> its rule whole, paragraph and reason included; and grade -> values of `narrative_release`."""
    return {
        "rules": {str(output): {path: asdict(rule) for path, rule in rules_of(output).items()} for output in Output},
        "narratives": {str(grade): sorted(map(str, released)) for grade, released in RELEASED_IN.items()},
    }


def canonical(data: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and without spaces: equal data give equal bytes."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
