"""`pso classify` and `pso classifier`: order kept, bad lines named without their words, figures, training and promotion."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from stream_processors.cli import exit_codes
from stream_processors.cli.classifier import classifier
from stream_processors.cli.classifier_model import running_classifier
from stream_processors.cli.classify import classify
from stream_processors.settings import InvalidSettings, Settings

LINES: list[Mapping[str, Any]] = [
    {
        "id": "b",
        "text": "Patient found on the floor next to the bed, unwitnessed fall, no injury.",
        "setting": "inpatient_unit",
    },
    {"id": "a", "text": "See me."},
    {"id": 7, "text": "", "reported": {"harm": "mild"}},
]


def run(command: click.Command, *words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words], standalone_mode=False)


def written(path: Path, lines: list[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_every_line_gets_an_answer_in_its_order_with_null_where_it_abstained(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert run(classify, written(tmp_path / "in.jsonl", LINES), target).return_value == exit_codes.OK
    first, vague, empty = (json.loads(line) for line in target.read_text().splitlines())
    assert list(first) == ["id", "report_type", "categories", "harm", "confidence"]
    assert (first["id"], first["categories"], vague["id"], empty["id"]) == ("b", ["fall"], "a", 7)
    assert (vague["report_type"], vague["categories"], vague["harm"]) == (None, None, None)
    assert set(first["confidence"]) == {"report_type", "category", "harm"}


def test_neither_setting_nor_reported_codes_change_an_answer(tmp_path: Path) -> None:
    text = {"id": 1, "text": "Patient found on the floor next to the bed, small bruise."}
    reported = {"report_type": "near_miss", "categories": ["blood"], "harm": "death"}
    target = tmp_path / "out.jsonl"
    run(classify, written(tmp_path / "in.jsonl", [text, {**text, "setting": "pharmacy", "reported": reported}]), target)
    plain, told = target.read_text().splitlines()
    assert plain == told


def test_bad_lines_are_named_by_number_and_never_quoted_and_the_rest_goes_on(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": 1, "text": "fell"}\nnonsense of Mrs Example\n{"id": 2}\n{"id": 3, "text": 4}\n\n{"id": 5, "text": "x"}\n'
    )
    ran = run(classify, source, target)
    assert ran.return_value == exit_codes.FAILED
    assert [json.loads(line)["id"] for line in target.read_text().splitlines()] == [1, 5]
    assert all(mark in ran.output for mark in ("line 2", "line 3", "line 4: text"))
    assert "Example" not in ran.output


def labelled(count: int) -> list[Mapping[str, Any]]:
    falls = [{"id": f"f{n}", "text": f"patient fell from bed {n}, small bruise"} for n in range(count)]
    doses = [{"id": f"m{n}", "text": f"wrong dose of heparin {n} given, no harm"} for n in range(count)]
    return [
        *({**one, "report_type": "incident", "categories": ["fall"], "harm": "mild", "provider": "north"} for one in falls),
        *(
            {**one, "report_type": "incident", "categories": ["medication"], "harm": "none", "provider": "south"}
            for one in doses
        ),
    ]


def test_evaluate_prints_figures_and_the_ceiling_and_names_no_provider(tmp_path: Path) -> None:
    ran = run(classifier, "evaluate", written(tmp_path / "own.jsonl", labelled(5)))
    figures = json.loads(ran.stdout)
    assert figures["narratives"] == 10
    assert figures["categories"]["classes"]["fall"]["recall"] == 1
    assert "kappa" in figures["harm"]["ceiling"]
    assert len(figures["by_provider"]) == 2
    assert "north" not in ran.output


def test_a_trained_model_is_written_judged_compared_and_promoted_by_a_setting_only(tmp_path: Path) -> None:
    source, target = written(tmp_path / "own.jsonl", labelled(25)), tmp_path / "own.model"
    ran = run(classifier, "train", source, target, "--name", "own 2")
    assert ran.return_value == exit_codes.OK
    assert json.loads(ran.stdout)["model"] == "own 2"
    assert running_classifier(Settings.from_environ({})).name == "linear 2"
    assert running_classifier(Settings.from_environ({"PSO_CLASSIFIER_MODEL": str(target)})).name == "own 2"
    assert run(classifier, "diff", source, "--model", target).return_value in (exit_codes.OK, exit_codes.FOUND)
    assert run(classifier, "diff", source).return_value == exit_codes.OK


def test_too_few_narratives_are_refused(tmp_path: Path) -> None:
    ran = run(classifier, "train", written(tmp_path / "own.jsonl", labelled(3)), tmp_path / "own.model")
    assert isinstance(ran.exception, click.ClickException)
    assert not (tmp_path / "own.model").exists()


@pytest.mark.parametrize("content", [None, b"", b"PSOCLS1\nxxxx"])
def test_nothing_starts_without_the_promoted_model(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "gone.model"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidSettings, match="PSO_CLASSIFIER_MODEL"):
        running_classifier(Settings.from_environ({"PSO_CLASSIFIER_MODEL": str(path)}))
