"""The narrative engine alone, in one process: texts per CPU second and the slowest in a hundred, by sort of text.

The texts are those of `make bench-deid`, of another seed. Nothing is warmed up on them: a rate on names already met flatters.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

import msgspec

from schemas.grades import Grade
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.domain.deidentification.texts import KnownRecord, LooseText, redacted
from tests.benchmarks.deid.demo_corpus import KnownText
from tests.benchmarks.deid.incident_corpus import incident_texts

COUNT, RUNS, WARM_UP = 1_000, 3, 150
SEED, WARM_UP_SEED = 41, 42
_MISREAD = {"o": "0", "l": "1", "e": "é", "a": "ä", "i": "ı", "u": "ü", "n": "ñ", "s": "ß", "c": "ç"}
"""What a bad scan makes of a letter, here of one in eight."""


class _Sort(NamedTuple):
    """Texts of so many reports one behind the other, changed in some way."""

    reports: int
    changed: Callable[[str, Random], str]


_SORTS: Mapping[str, _Sort] = {
    "short": _Sort(1, lambda text, _: text[:130]),
    "dense": _Sort(1, lambda text, _: text),
    "noisy": _Sort(2, lambda text, random: _misread(random, text[:838])),
    "long": _Sort(8, lambda text, _: text),
}


def narratives() -> dict[str, dict[str, float]]:
    """By sort of text, with the record of its event and without: nonidentifiable texts per CPU second, and P99 in ms."""
    engine = full_engine()
    found: dict[str, dict[str, float]] = {}
    for name, sort in _SORTS.items():
        warm, texts = _texts(sort, WARM_UP, WARM_UP_SEED), _texts(sort, COUNT, SEED)
        for way, use_known in (("known", True), ("alone", False)):
            _seconds(engine, warm, use_known)
            runs = [_seconds(engine, texts, use_known) for _ in range(RUNS)]
            found[f"{name}, {way}"] = {
                "per_second": round(COUNT / statistics.median(map(sum, runs))),
                "p99_ms": round(1000 * statistics.median(sorted(run)[COUNT * 99 // 100] for run in runs), 2),
            }
    return found


def _seconds(engine: NarrativeEngine, texts: Sequence[LooseText], use_known: bool) -> list[float]:
    taken: list[float] = []
    for text in texts:
        began = time.process_time()
        redacted(text, Grade.P2, engine, use_known=use_known)
        taken.append(time.process_time() - began)
    return taken


def _texts(sort: _Sort, count: int, seed: int) -> list[LooseText]:
    random = Random(f"narratives {seed}")
    reports = incident_texts(count * sort.reports, seed, sealed=False)
    return [_text(sort, reports[at : at + sort.reports], random) for at in range(0, len(reports), sort.reports)]


def _text(sort: _Sort, reports: Sequence[KnownText], random: Random) -> LooseText:
    """The record is that of the first report."""
    written = sort.changed(" ".join(report.text for report in reports), random)
    return LooseText("-", written, msgspec.convert(reports[0].known, KnownRecord))


def _misread(random: Random, text: str) -> str:
    return "".join(_MISREAD.get(sign, sign) if random.random() < 0.125 else sign for sign in text)
