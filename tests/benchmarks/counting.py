"""From contributions to counts to signals, in one process without Kafka: what the two folds cost in CPU time."""

import random
from collections.abc import Iterator, Sequence
from itertools import product
from statistics import median
from time import process_time

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import Cell, CellCount, Contribution
from schemas.taxonomy import Category, Harm, IncorrectAction, MedicationStage, ProviderType, ReportType, Setting
from stream_processors.domain.deidentification.contributing_factors import FACTORS
from stream_processors.domain.deidentification.states import STATES
from stream_processors.domain.device_kinds import KINDS
from stream_processors.domain.members import VERSION
from stream_processors.domain.signals.hyperparameters import Hyperparameters
from stream_processors.domain.signals.signal_parameters import Boundary, Parameters
from stream_processors.processors.aggregate import AGGREGATE
from stream_processors.processors.detect import detect

CODEC = Codec(bundled())
EVENTS, CHUNK, CORRECTED = 50_000, 500, 0.1
PROVIDERS, MONTHS = 40, 12
BEFORE, RUNS, ROUNDS = 60, 5, 15
HARMS = (Harm.NONE, Harm.MILD, Harm.NONE, Harm.MODERATE, Harm.MILD, Harm.SEVERE, Harm.UNKNOWN, Harm.DEATH)
PINNED = Parameters(
    first_month="2024-01",
    theta=Hyperparameters(2.0, 0.4, 3.0, 3.5, 0.1),
    shares={ProviderType.HOSPITAL: dict.fromkeys(Setting, 1 / len(Setting))},
    maxsprt=Boundary(critical_value=3.455521, horizon=50.0, alpha=0.05),
)


def contributions_per_cpu_second() -> int:
    """Decoded, folded and said again as encoded counts, in chunks as the stream brings them."""
    chunks = list(_chunks([CODEC.encode(record) for record in contributions()]))
    began, _ = process_time(), list(_aggregated(chunks))
    return round(sum(map(len, chunks)) / (process_time() - began))


def detected_counts_per_cpu_second() -> int:
    """Counts decoded, folded and scored by every method of the stream, signals encoded; in chunks of the same size."""
    said = list(_aggregated(list(_chunks([CODEC.encode(record) for record in contributions()]))))
    step = detect(PINNED)
    state, chunks = step.state(), list(_chunks(said))
    began = process_time()
    for version, chunk in enumerate(chunks):
        touched = step.fold(state, [CODEC.decode(octets, CellCount) for octets in chunk])
        for signal in step.outputs(state, touched, 0, version):
            CODEC.encode(signal)
    return round(len(said) / (process_time() - began))


def changed_pairs() -> dict[str, float]:
    """CPU seconds of `detect` for 10,080 changed pairs, medians of five runs: folded, then scored by every method and said.

    Every setting of every watched category and harm changes in each of fifteen chunks, after 60 such chunks before.
    """
    step = detect(PINNED)
    state, chance = step.state(), random.Random(12)
    took: list[tuple[float, float]] = []
    for version in range(BEFORE + RUNS * ROUNDS):
        counts = list(_every_pair(chance, version))
        began = process_time()
        touched = step.fold(state, counts)
        folded = process_time()
        said = list(step.outputs(state, touched, 0, version))
        took.append((folded - began, process_time() - folded))
    assert len(said) >= len(counts), "every pair has a look of the sequential test"
    runs = [took[at : at + ROUNDS] for at in range(BEFORE, len(took), ROUNDS)]
    fold, score = (round(median(sum(one[part] for one in run) for run in runs), 4) for part in (0, 1))
    return {"pairs": ROUNDS * len(counts), "fold": fold, "score": score}


def _every_pair(chance: random.Random, version: int) -> Iterator[CellCount]:
    for category in Category:
        for harm, setting in product(PINNED.harms, Setting):
            month = f"2024-{chance.randrange(MONTHS) + 1:02}"
            cell = Cell(category, harm, ReportType.INCIDENT, month, ProviderType.HOSPITAL, setting)
            yield CellCount(cell, f"prv-{chance.randrange(PROVIDERS)}", 0, chance.randrange(1, 9), version)


def _aggregated(chunks: Sequence[Sequence[bytes]]) -> Iterator[bytes]:
    state = AGGREGATE.state()
    for version, chunk in enumerate(chunks):
        touched = AGGREGATE.fold(state, [CODEC.decode(octets, Contribution) for octets in chunk])
        for count in AGGREGATE.outputs(state, touched, 0, version):
            yield CODEC.encode(count)


def contributions(events: int = EVENTS) -> Iterator[Contribution]:
    """Most are new events, the tenth part corrections; the same in every run."""
    chance = random.Random(11)
    for number in range(events):
        corrected = number > CHUNK and chance.random() < CORRECTED
        of, revision = (chance.randrange(number - CHUNK), 2) if corrected else (number, 1)
        cell = Cell(
            category=chance.choice(list(Category)),
            harm=chance.choice(HARMS),
            report_type=ReportType.INCIDENT,
            month=f"2024-{chance.randrange(MONTHS) + 1:02}",
            provider_type=ProviderType.HOSPITAL,
            setting=chance.choice(list(Setting)),
        )
        named = tuple(sorted(_members(chance, cell.category, _STATES[of % PROVIDERS])))
        yield Contribution(f"prv-{of % PROVIDERS}", f"evt-{of}", revision, 1, False, (cell,), VERSION, named)


_STATES, _FACTORS, _KINDS = sorted(STATES), sorted(FACTORS), sorted(KINDS)
TELL_FACTORS = 0.2
"""Share of the reports that tell a contributing factor: assumed."""


def _members(chance: random.Random, category: Category, state: str) -> Iterator[str]:
    """As the rules make them: a State for every event, one more for a medication, a device, a told factor."""
    yield f"state/{state}"
    if category is Category.MEDICATION:
        yield f"medication/{chance.choice(list(MedicationStage))}/{chance.choice(list(IncorrectAction))}"
    if category in (Category.DEVICE, Category.HEALTH_IT):
        yield f"device/{chance.choice(_KINDS)}"
    if chance.random() < TELL_FACTORS:
        yield f"factor/{chance.choice(_FACTORS)}"


def _chunks(records: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (records[at : at + CHUNK] for at in range(0, len(records), CHUNK))
