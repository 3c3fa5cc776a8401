"""`pso config engine` tells what is installed, and that the compiled engine is missing where it is."""

import json
import re
import sys

import pytest
from click.testing import CliRunner, Result
from prometheus_client import CollectorRegistry, generate_latest

from stream_processors.cli.config import config
from stream_processors.domain.deidentification.tagger.loader import EXTENSION
from stream_processors.domain.deidentification.tagging import shipped_version
from stream_processors.metrics import ENGINE_LABELS, Metrics

VERSION = shipped_version()


def run(*words: str) -> Result:
    done = CliRunner().invoke(config, ["engine", *words], standalone_mode=False)
    assert done.exception is None
    return done


def test_the_version_is_told_for_people_and_for_programs() -> None:
    told = json.loads(run("--json").stdout)
    assert {part: told[part] for part in ENGINE_LABELS} == VERSION.described()
    assert re.findall(r"^engine +(\S+)$", run().stdout, re.MULTILINE) == [VERSION.id]


def test_without_the_compiled_tagger_the_version_is_the_same_and_one_line_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, EXTENSION, None)  # what Python does where the extension was not built
    done = run("--json")
    told = json.loads(done.stdout)
    assert (told["engine"], told["kernel"]) == (VERSION.id, "python")
    (line,) = done.stderr.splitlines()
    assert "compiled engine is missing" in line


def test_the_metric_of_the_version_has_hashes_for_labels_and_nothing_else() -> None:
    metrics = Metrics(CollectorRegistry(), "test")
    metrics.engine.labels(**VERSION.described()).set(1)
    (line,) = re.findall(r"^pso_deidentification_info\{.*", generate_latest(metrics.registry).decode(), re.MULTILINE)
    labels = dict(re.findall(r'(\w+)="([^"]*)"', line))
    assert set(labels) == set(ENGINE_LABELS)
    assert all(re.fullmatch("[0-9a-f]{16}|[0-9a-f]{64}", value) for value in labels.values())
