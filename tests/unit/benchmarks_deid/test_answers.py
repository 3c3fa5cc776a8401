"""How a contender is asked: its command, its file, its seconds."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks.deid import corpora
from tests.benchmarks.deid.contenders import Contender, Failed, answer_file, asked, by_name, this_engine
from tests.benchmarks.deid.demo_corpus import demo_texts
from tests.benchmarks.deid.scoring import score


def says(code: str, runs: int = 1) -> Contender:
    """A contender that is a line of Python; argv has the gold file and the file for the answer."""
    return Contender("it", False, runs, lambda _work, gold, answer: [sys.executable, "-c", code, gold, answer])


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    corpora.write(demo_texts(20), tmp_path / "gold.jsonl")
    return tmp_path / "gold.jsonl"


def test_a_file_that_was_written_is_read_back_the_same(gold: Path) -> None:
    assert corpora.read(gold) == demo_texts(20)


def test_a_file_of_something_else_is_refused_without_its_words(tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text('{"id": 1, "text": "Ann"}\n{"id": 2, "texts": "Marsh"}\n')
    with pytest.raises(corpora.UnreadableCorpus, match=r"^some\.jsonl, line 2: no gold text$"):
        corpora.read(tmp_path / "some.jsonl")


def test_a_sample_is_the_same_every_time_and_all_texts_where_there_are_no_more() -> None:
    corpus = corpora.Corpus("it", "", demo_texts(20))
    assert corpus.sample(5) == corpus.sample(5)
    assert len({text.id for text in corpus.sample(5)}) == 5
    assert corpus.sample(20) == corpus.sample(0) == corpus.texts


def test_the_median_of_the_runs_counts(gold: Path, tmp_path: Path) -> None:
    turns = tmp_path / "turns"
    code = (
        "import sys, json, pathlib as p; turns = p.Path(%r)\n"
        "turns.write_text((turns.read_text() if turns.exists() else '') + '.')\n"
        "seconds = {1: 9.0, 2: 1.0, 3: 3.0}[len(turns.read_text())]\n"
        "p.Path(sys.argv[2]).write_text(json.dumps({'_meta': {'seconds': seconds}}) + '\\n')"
    )
    assert asked(says(code % str(turns), runs=3), tmp_path, gold).seconds == 3.0


def test_a_contender_that_ends_badly_or_writes_nothing_has_no_answer(gold: Path, tmp_path: Path) -> None:
    for code, reason in (("raise SystemExit(3)", "ended with 3"), ("pass", "ended with 0")):
        with pytest.raises(Failed, match=reason):
            asked(says(code), tmp_path, gold)


def test_an_answer_of_an_earlier_run_is_not_taken_for_this_one(gold: Path, tmp_path: Path) -> None:
    silent = says("pass")
    answer_file(silent, gold).write_text('{"_meta": {"seconds": 1}}\n')
    with pytest.raises(Failed):
        asked(silent, tmp_path, gold)


def test_two_contenders_do_not_write_into_one_file(gold: Path) -> None:
    files = {answer_file(contender, gold) for contender in by_name("presidio,philter")}
    assert len(files) == 4


def test_this_engine_answers_for_every_text_and_leaves_no_number_of_the_record(gold: Path, tmp_path: Path) -> None:
    answer = asked(this_engine(known=True), tmp_path, gold)
    found = score(demo_texts(20), answer.removed)
    assert len(answer.removed) == 20
    assert answer.seconds > 0
    assert [leak.leaked for kind, leak in found.leaks.items() if kind in ("MRN", "PHONE")] == [0, 0]
