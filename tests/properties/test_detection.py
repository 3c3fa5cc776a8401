"""Signals are a function of the newest counts, whoever owned the partition and whatever compaction took away."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.records import Cell, CellCount, Signal
from schemas.taxonomy import Category, Harm, ProviderType, ReportType, Setting
from stream_processors.domain.signals.hyperparameters import Hyperparameters
from stream_processors.domain.signals.signal_parameters import Boundary, Parameters
from stream_processors.processors.detect import Detection, detect

PINNED = Parameters(
    first_month="2024-01",
    theta=Hyperparameters(2.0, 0.4, 3.0, 3.5, 0.1),
    shares={ProviderType.HOSPITAL: dict.fromkeys(Setting, 1 / len(Setting))},
    maxsprt=Boundary(critical_value=1.0, horizon=2.0, alpha=0.3, fewest=3),
)
DETECT = detect(PINNED)
CELLS = [
    Cell(category, Harm.DEATH, ReportType.INCIDENT, month, kind, setting)
    for category in (Category.FALL, Category.BLOOD)
    for month in ("2024-01", "2024-03")
    for kind in (ProviderType.HOSPITAL, ProviderType.PHARMACY)
    for setting in (Setting.HOME, Setting.OPERATING_ROOM)
]
Said = dict[tuple[object, ...], Signal]

logs = st.lists(
    st.builds(
        CellCount,
        cell=st.sampled_from(CELLS[:5]) | st.sampled_from(CELLS),
        contributor=st.sampled_from(["p1", "p2", "p3", "p4"]),
        partition=st.just(0),
        count=st.sampled_from([0, 1, 1, 2, 3]),
        version=st.integers(0, 1000),
    ),
    unique_by=lambda record: record.version,
    min_size=1,
    max_size=30,
)


def said(state: Detection, log: Sequence[CellCount], size: int, heard: Said) -> None:
    """Takes the log in pieces, and keeps the last word on everything."""
    for start in range(0, len(log), size):
        touched = DETECT.fold(state, log[start : start + size])
        for signal in DETECT.outputs(state, touched, 0, start):
            assert isinstance(signal, Signal)
            heard[signal.method, signal.category, signal.harm, signal.month, signal.setting] = replace(signal, version=0)


def newest(log: Sequence[CellCount], of: Sequence[CellCount]) -> list[CellCount]:
    """What compaction leaves of the first, where a key is said again anywhere in the second."""
    last = {(record.cell, record.contributor): record for record in of}
    return [record for record in log if last[record.cell, record.contributor] is record]


@settings(max_examples=200, deadline=None)
@given(logs, st.integers(0, 30), st.integers(1, 6), st.booleans())
def test_a_second_owner_ends_with_the_words_of_one_who_saw_everything(
    log: list[CellCount], cut: int, size: int, cleaned: bool
) -> None:
    log = sorted(log, key=lambda record: record.version)  # of one key the offsets grow
    alone: Said = {}
    said(DETECT.state(), log, len(log), alone)
    heard: Said = {}
    said(DETECT.state(), log[:cut], size, heard)
    heir = DETECT.state()
    DETECT.fold(heir, newest(log[:cut], log) if cleaned else log[:cut])  # caught up, and said nothing
    back = max(0, cut - 3)  # what was said and not committed comes again
    said(heir, newest(log[back:], log) if cleaned else log[back:], size, heard)
    assert heard == alone


@settings(max_examples=200, deadline=None)
@given(logs, st.randoms(use_true_random=False))
def test_no_order_and_no_repetition_changes_a_word(log: list[CellCount], random: object) -> None:
    whole, heard = Said(), Said()
    said(DETECT.state(), log, len(log), whole)
    shuffled = log * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    said(DETECT.state(), shuffled, 1, heard)
    assert heard == whole


@settings(deadline=None)
@given(logs)
def test_fewer_than_three_providers_are_never_counted(log: list[CellCount]) -> None:
    heard: Said = {}
    said(DETECT.state(), log, 1, heard)
    assert not [
        s for s in heard.values() if 0 < s.contributors < 3 or (s.contributors == 0) != (s.events == 0 and not s.raised)
    ]
