"""`pso deidentify --replay-diff`: what the version that is installed makes of texts, beside the results of another."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.grades import Grade
from stream_processors.cli import context, exit_codes
from stream_processors.cli.program import _run
from stream_processors.domain.deidentification import engine as engines
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.version import EngineVersion

NOW = NarrativeEngine(version=EngineVersion("a" * 64, "b" * 64, "c" * 64, "d" * 64), kernel="c")
LINES = (
    {"id": "x-1", "text": "Quillon saw it at once; call 503-555-0122."},
    {"id": 2, "text": "Vandersloot fell.", "known": {"patient": {"family": "Vandersloot"}}},
)


def other(text: str, _grade: Grade) -> list[Span]:
    at = text.find("Quillon")
    return [Span(at, at + 7, "NAME", "q")] if at >= 0 else []


OTHER = NarrativeEngine(engines.PlainLayers(other), version=EngineVersion("e" * 64, "b" * 64, "f" * 64, "d" * 64), kernel="c")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, engine: NarrativeEngine, folder: Path, *words: str, target: str = "out.jsonl") -> int:
    monkeypatch.setattr(context, "engine", lambda: engine)
    return _run(["deidentify", "--grade", "nonidentifiable", *words, str(folder / "in.jsonl"), str(folder / target)])


def before(monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """The results of the other version."""
    assert run(monkeypatch, OTHER, folder, target="before.jsonl") == exit_codes.OK
    return str(folder / "before.jsonl")


def test_the_same_version_differs_in_nothing(monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any) -> None:
    assert run(monkeypatch, OTHER, files, "--replay-diff", before(monkeypatch, files)) == exit_codes.OK
    assert capsys.readouterr().out.splitlines()[-1] == "no difference"
    first, second = ((files / name).read_text().splitlines()[1:] for name in ("before.jsonl", "out.jsonl"))
    assert first == second


def test_another_version_is_told_by_type_and_neither_text_nor_id_is_printed(
    monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any
) -> None:
    assert run(monkeypatch, NOW, files, "--replay-diff", before(monkeypatch, files)) == exit_codes.FOUND
    told = capsys.readouterr()
    assert "code, model changed" in told.out
    assert "7 characters that were removed before would leave now" in told.out
    assert told.out.splitlines()[-1] == "differences"
    for word in ("Quillon", "Vandersloot", "x-1", "saw"):
        assert word not in told.out + told.err


def test_for_programs_it_is_json_and_places_are_said_where_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any
) -> None:
    earlier = before(monkeypatch, files)
    assert run(monkeypatch, NOW, files, "--replay-diff", earlier, "--json", "--places") == exit_codes.FOUND
    told = json.loads(capsys.readouterr().out)
    assert (told["before"]["engine"], told["now"]["engine"]) == (OTHER.version.id, NOW.version.id)
    assert told["types"]["NAME"] == {
        "same": 1, "moved": 0, "retyped": 0, "only_before": 1, "only_now": 0, "uncovered": 7
    }  # fmt: skip
    assert told["places"] == [{"id": "x-1", "change": "only_before", "type": "NAME", "before": [0, 7]}]
    assert run(monkeypatch, NOW, files, "--replay-diff", earlier, "--json") == exit_codes.FOUND
    assert "places" not in json.loads(capsys.readouterr().out)


def test_texts_that_only_one_run_has_are_a_difference(monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any) -> None:
    earlier = before(monkeypatch, files)
    (files / "in.jsonl").write_text(json.dumps({"id": 3, "text": "new"}) + "\n" + json.dumps(LINES[1]) + "\n")
    assert run(monkeypatch, OTHER, files, "--replay-diff", earlier) == exit_codes.FOUND
    assert "1 texts in both, 0 differ; 1 only before, 1 only now" in capsys.readouterr().out


def test_results_of_a_version_that_says_nothing_of_itself_can_be_compared(
    monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any
) -> None:
    path = Path(before(monkeypatch, files))
    _, *results = path.read_text().splitlines()
    path.write_text("\n".join(['{"_meta": {"seconds": 0.5}}', *results]) + "\n")
    assert run(monkeypatch, OTHER, files, "--replay-diff", str(path)) == exit_codes.OK
    assert "before a version that says nothing of itself" in capsys.readouterr().out


META = '{"_meta": {"seconds": 1}}'
RESULT = '{"id": 1, "spans": [], "text": "t", "verdict": "release"}'
BAD = [
    ("", "the file is empty", "nothing in it"),
    (RESULT, "line 1: no first line of results", "no _meta"),
    (f"{META}\n{RESULT}\n{RESULT}", "line 3: its id stands in an earlier line too", "one id twice"),
    (META + '\n{"id": 1, "spans": [{"start": 0, "end": 4, "type": "Vandersloot"}], "text": "", "verdict": "release"}',
     "line 2: no result of the expected form spans[0].type", "a text where a type belongs"),
    (META + '\n{"id": 1, "spans": [], "text": "", "verdict": "Vandersloot"}', "line 2: no result", "no verdict"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said", "remark"), BAD, ids=[row[2] for row in BAD])
def test_results_that_cannot_be_read_are_told_by_line_and_never_by_their_words(
    monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any, content: str, said: str, remark: str
) -> None:
    path = files / "bad.jsonl"
    path.write_text(content)
    assert run(monkeypatch, NOW, files, "--replay-diff", str(path)) == exit_codes.FAILED, remark
    told = capsys.readouterr().err
    assert said in told, remark
    assert "Vandersloot" not in told
    assert not (files / "out.jsonl").exists()


def test_what_does_not_go_together_is_refused(monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any) -> None:
    earlier = before(monkeypatch, files)
    for words, said in [
        (["--places"], "belong to --replay-diff"),
        (["--replay-diff", earlier, "--no-known"], "otherwise with --no-known"),
        (["--replay-diff", earlier, "--grade", "anonymized"], "another grade"),
        (["--from-warehouse"], "name TARGET alone"),
        (["--replay-diff", earlier + "-missing"], "there is no file"),
    ]:
        assert run(monkeypatch, NOW, files, *words) == exit_codes.USAGE
        assert said in capsys.readouterr().err
    assert run(monkeypatch, NOW, files, "--replay-diff", earlier, target="before.jsonl") == exit_codes.USAGE
    for words in (["--from-warehouse", "out.jsonl"], ["--from-warehouse", "--by", " ", "--reason", "x", "out.jsonl"]):
        assert _run(["deidentify", "--grade", "anonymized", *words]) == exit_codes.USAGE
        assert "--by and --reason" in capsys.readouterr().err
    assert _run(["deidentify", "--grade", "anonymized", "missing.jsonl", "out.jsonl"]) == exit_codes.USAGE


def test_two_lines_with_one_id_cannot_be_compared(monkeypatch: pytest.MonkeyPatch, files: Path, capsys: Any) -> None:
    earlier = before(monkeypatch, files)
    (files / "in.jsonl").write_text((json.dumps(LINES[0]) + "\n") * 2)
    assert run(monkeypatch, NOW, files, "--replay-diff", earlier) == exit_codes.FAILED
    assert "two lines have one id" in capsys.readouterr().err
