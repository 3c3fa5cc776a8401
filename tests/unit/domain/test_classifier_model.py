"""The model file, its parts and its training: round trips, refusals, determinism, and honest figures."""

import json
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.advising import suggested
from stream_processors.domain.classification.collecting import collected
from stream_processors.domain.classification.cues import unfit
from stream_processors.domain.classification.heads import COLUMNS
from stream_processors.domain.classification.learning import labelled, learned
from stream_processors.domain.classification.measuring import by_class, calibration_error, confusion, macro_f1
from stream_processors.domain.classification.scoring import Probabilities, Scorer, calibrated
from stream_processors.domain.classification.training import OPEN, Labelled, exported, fitted
from stream_processors.domain.classification.weights import MAGIC, packed, shipped, unpacked
from stream_processors.domain.classification.words import WORD, Spoken, lowered, parsed, spellings
from tests.support.classifiers import SHIPPED


def chances_of(text: str) -> Probabilities:
    return SHIPPED.scorer.probabilities(SHIPPED.scorer.reader.read(Spoken.of(text).words))


POLICY = SHIPPED.scorer.weights.policy


def test_a_packed_model_unpacks_to_the_same_sums() -> None:
    again = Scorer(unpacked(packed(SHIPPED.scorer.weights)), spellings())
    text = "Resident slid from the wheelchair, small skin tear."
    assert again.sums(text) == SHIPPED.scorer.sums(text)
    assert packed(again.weights) == shipped()


def test_a_model_of_before_the_steps_of_confidence_still_loads() -> None:
    data = packed(SHIPPED.scorer.weights)
    start = len(MAGIC) + 4
    end = start + int.from_bytes(data[len(MAGIC) : start], "little")
    header = json.loads(zlib.decompress(data[start:end]))
    del header["told"]
    head = zlib.compress(json.dumps(header).encode())
    before = unpacked(MAGIC + len(head).to_bytes(4, "little") + head + data[end:])
    assert before.policy == replace(POLICY, told=((), (), ()))


@pytest.mark.parametrize("cut", [0, 5, 12, 200, -1, -100])
def test_a_damaged_file_is_refused(cut: int) -> None:
    with pytest.raises(ValueError):
        unpacked(shipped()[:cut])


@given(st.text(max_size=300))
def test_every_text_gets_probabilities_and_a_lawful_suggestion(text: str) -> None:
    chances = chances_of(text)
    assert sum(chances.report_type) == pytest.approx(1)
    assert sum(chances.harm) == pytest.approx(1)
    assert all(0 <= one <= 1 for one in (*chances.categories, chances.unclear))
    said = SHIPPED.suggestion(text)
    assert all(0 <= one <= 1 for one in said.confidence)
    if said.report_type in (ReportType.NEAR_MISS, ReportType.UNSAFE_CONDITION):
        assert said.harm in (None, Harm.NOT_APPLICABLE)


@given(st.text())
def test_lower_case_keeps_every_offset(text: str) -> None:
    assert len(lowered(text)) == len(text)


@given(st.text(alphabet="ab1'? /\u00e9\n", max_size=60))
def test_the_places_of_words_are_where_the_words_are(text: str) -> None:
    spoken = Spoken.of(text)
    spans = [match.span() for match in WORD.finditer(spoken.lower)]
    assert spoken.places(range(len(spoken.words))) == dict(enumerate(spans))


chance = st.floats(0, 1, allow_nan=False)


@given(
    st.lists(chance, min_size=4, max_size=4),
    st.lists(chance, min_size=8, max_size=8),
    st.lists(chance, min_size=14, max_size=14),
)
def test_nothing_milder_is_said_where_death_or_severe_harm_is_likely(
    types: list[float], harms: list[float], categories: list[float]
) -> None:
    whole = sum(harms) or 1.0
    shares = [one / whole for one in harms]
    said = suggested(Probabilities(types, shares, categories, 0.0), POLICY)
    if said.harm not in (None, Harm.DEATH, Harm.SEVERE, Harm.NOT_APPLICABLE):
        assert shares[0] + shares[1] < max(POLICY.alarm, 1e-9) or types[0] >= POLICY.least["incident"]


@pytest.mark.parametrize("types", [(0.4, 0.3, 0.3, 0.0), (0.1, 0.45, 0.45, 0.0)])
def test_harm_is_not_called_inapplicable_where_the_report_type_is_left_open(types: tuple[float, ...]) -> None:
    harms = [0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.93, 0.01]
    said = suggested(Probabilities(types, harms, [0.1] * 14, 0.0), POLICY)
    assert (said.report_type, said.harm) == (None, None)


@given(st.integers(0, 40), st.sampled_from(sorted(POLICY.least)))
def test_a_higher_threshold_never_says_more(step: int, code: str) -> None:
    text = "wrong dose of heparin given, extra monitoring, no injury"
    chances = chances_of(text)
    stricter = replace(POLICY, least={**POLICY.least, code: min(1.01, POLICY.least[code] + step / 40)})
    before, after = suggested(chances, POLICY), suggested(chances, stricter)
    assert set(after.categories) <= set(before.categories)
    assert before.report_type is not None or after.report_type is None


@pytest.mark.parametrize(
    ("text", "harm", "sure", "expected"),
    [
        ("he died", Harm.MILD, 1.0, True),
        ("he died", Harm.DEATH, 0.4, False),
        ("he died", Harm.NOT_APPLICABLE, 1.0, True),
        ("he is asleep", Harm.DEATH, 1.0, True),
        ("cardiac arrest", Harm.MILD, 0.5, True),
        ("cardiac arrest", Harm.MILD, 0.95, False),
        ("cardiac arrest", Harm.SEVERE, 0.5, False),
        ("multi-organ failure", Harm.MODERATE, 0.5, True),
        ("he is not yet following commands", Harm.UNKNOWN, 0.7, True),
        ("flown out the same night", Harm.MILD, 0.7, True),
        ("she cannot move her leg", Harm.NONE, 0.7, True),
        ("a bruise", Harm.MILD, 0.5, False),
        ("he died", None, 0.0, False),
    ],
)
def test_explicit_words_stop_what_is_milder_and_death_needs_one(
    text: str, harm: Harm | None, sure: float, expected: bool
) -> None:
    assert unfit(text, harm, sure) is expected


@pytest.mark.parametrize(
    ("word", "token", "class_"),
    [("pts", "patient", None), ("rn", "nurse", None), ("412", "#", None), ("heparin", "heparin", "=drug"),
     ("newdrugmycin", "newdrugmycin", "=drug"), ("transfusing", "transfus", None)],
)  # fmt: skip
def test_words_are_read_as_tokens(word: str, token: str, class_: str | None) -> None:
    assert spellings().token(word) == token
    assert spellings().class_of(token) == class_


def test_a_line_of_the_table_without_a_colon_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        parsed("patient pt")


def small(count: int) -> list[Labelled]:
    falls = [f"patient fell on the floor near bed {n}, bruise" for n in range(count)]
    doses = [f"nurse gave wrong dose of heparin at {n}, no injury" for n in range(count)]
    return [
        *(labelled(text, ReportType.INCIDENT, (Category.FALL,), Harm.MILD, False) for text in falls),
        *(labelled(text, None, (Category.MEDICATION,), Harm.NONE, False) for text in doses),
    ]


def test_training_twice_gives_the_same_bytes_and_learns_what_it_was_told() -> None:
    texts = small(12)
    one, two = (learned("own 1", texts, [None] * len(texts)) for _ in range(2))
    assert packed(one.weights) == packed(two.weights)
    scorer = Scorer(one.weights, spellings())
    categories = scorer.probabilities(scorer.reader.read(["the", "patient", "fell", "on", "the", "floor"])).categories
    assert max(range(len(categories)), key=categories.__getitem__) == list(Category).index(Category.FALL)


def test_a_provider_is_left_out_whole() -> None:
    texts = small(12)
    only_there = labelled("zebra crossing", ReportType.UNSAFE_CONDITION, (Category.OTHER,), None, False)
    texts += [only_there] * 5
    found = learned("own 1", texts, [*["a", "b"] * 12, *["c"] * 5])
    unsafe = [calibrated(row, OPEN).report_type[2] for row in found.unseen[-5:]]
    assert max(unsafe) < 0.5


def test_the_matrix_of_training_adds_up_what_scoring_adds_up() -> None:
    texts = [text.text for text in small(6)]
    vocabulary = collected(([text] for text in texts), spellings(), (1, 1))
    table = np.round(fitted(vocabulary.matrix(texts), small(6)) * 128) / 128
    scorer = Scorer(exported("x", vocabulary, table), spellings())
    expected = np.asarray(vocabulary.matrix(texts) @ table[:-1] + table[-1]) * 128
    found = np.array([scorer.sums(text) for text in texts])
    assert found.shape == (12, COLUMNS)
    assert np.abs(expected - found).max() <= 8 * len(WORD.findall(texts[0]))


def test_calibration_error_is_nought_for_honest_confidence_and_large_for_boasting() -> None:
    assert calibration_error([(0.5, True), (0.5, False)]) == 0
    assert calibration_error([(1.0, False)] * 4) == 1
    assert calibration_error([]) is None


def test_counts_by_class_and_their_mean() -> None:
    counts = by_class([(["a"], ["a"]), (["a", "b"], ["a"]), (["b"], ["c"])])
    assert (counts["a"].recall, counts["a"].precision) == (1, 1)
    assert (counts["b"].recall, counts["b"].precision, counts["c"].recall) == (0, None, None)
    assert macro_f1(counts) == pytest.approx(1 / 3)
    assert confusion([("a", "b"), ("a", "b")]) == {"a": {"b": 2}}
