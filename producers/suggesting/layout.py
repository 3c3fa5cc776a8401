"""How the rows of a sample make events: one each, several neighbours with one key, or one row per answer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from producers.suggesting.column import Column
from producers.suggesting.words import folded, name_score, targets
from producers.tables import TableSample

_QUESTION = {"question", "field", "element", "item", "attribute", "frage", "feld", "merkmal", "prompt", "parameter"}
_ANSWER = {"answer", "value", "response", "antwort", "wert", "text", "entry"}
_MAX_QUESTIONS = 100
_MAX_ROWS_OF_AN_EVENT = 50
_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns, one virtual column per question where a row is one answer, and the key that several rows share."""

    columns: list[Column]
    key: str | None = None
    questions: str | None = None


def layout_of(sample: TableSample) -> Layout:
    """The layout that the sample shows."""
    key = _key(sample)
    if key is None:
        return Layout([_plain(sample, name) for name in sample.columns])
    varying = set(_varying(sample, key))
    question, answer = _question_and_answer(sample, key, varying)
    if question and answer:
        fixed = [_plain(sample, name) for name in sample.columns if name not in varying]
        return Layout([*fixed, *_answers(sample, key, question, answer)], key, question)
    return Layout([_plain(sample, name, name in varying) for name in sample.columns], key)


def _plain(sample: TableSample, name: str, varies: bool = False) -> Column:
    return Column(name, name, tuple(cell for cell in sample.columns[name] if cell), sample.rows, varies=varies)


def _key(sample: TableSample) -> str | None:
    """An id by name whose values come in runs of neighbours, several rows long often enough to be no accident."""
    ids = next(target for target in targets() if target.to == "external_id")
    best: tuple[float, str] | None = None
    for name, cells in sample.columns.items():
        score = name_score(name, ids)
        runs = sum(1 for _ in groupby(cells))
        if score < 0.5 or not all(cells) or max(map(len, cells)) > _LONGEST_KEY:
            continue
        if runs == len(set(cells)) and sample.rows <= _MAX_ROWS_OF_AN_EVENT * runs and runs <= 0.9 * sample.rows:
            best = max(best or (0.0, ""), (score, name))
    return best[1] if best else None


def _varying(sample: TableSample, key: str) -> Iterator[str]:
    """The columns in which rows of one event differ."""
    keys = sample.columns[key]
    for name, cells in sample.columns.items():
        first: dict[str, str] = {}
        if any(cell and first.setdefault(one, cell) != cell for one, cell in zip(keys, cells, strict=True)):
            yield name


def _question_and_answer(sample: TableSample, key: str, varying: set[str]) -> tuple[str | None, str | None]:
    questions = [name for name in varying if set(folded(name).split()) & _QUESTION and _asks(sample, key, name)]
    answers = [name for name in varying if set(folded(name).split()) & _ANSWER and name not in questions]
    if not questions or not answers:
        return None, None
    labels = max(sorted(questions), key=lambda name: sum(map(len, set(sample.columns[name]))))
    return labels, max(sorted(answers), key=lambda name: len(set(sample.columns[name])))


def _asks(sample: TableSample, key: str, name: str) -> bool:
    """Few different ones, each asked about once per event, as a rule."""
    cells = sample.columns[name]
    pairs = len(set(zip(sample.columns[key], cells, strict=True)))
    return len(set(cells)) <= _MAX_QUESTIONS and pairs >= 0.8 * sample.rows


def _answers(sample: TableSample, key: str, question: str, answer: str) -> Iterator[Column]:
    keys = sample.columns[key]
    found: dict[str, list[str]] = defaultdict(list)
    asked: dict[str, list[str]] = defaultdict(list)
    for one, label, cell in zip(keys, sample.columns[question], sample.columns[answer], strict=True):
        if label:
            asked[label].append(one)
            if cell:
                found[label].append(cell)
    events = len(set(keys))
    for label, cells in found.items():
        yield Column(label, answer, tuple(cells), events, ((question, label),), _repeats(asked[label]))


def _repeats(keys: Sequence[str]) -> bool:
    return len(set(keys)) < len(keys)
