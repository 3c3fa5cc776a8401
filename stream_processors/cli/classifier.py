"""`pso classifier`: judge the classifier on narratives of one's own, train one, and see what promoting it would change."""

from collections import Counter
from pathlib import Path

import click

from stream_processors.cli import context, exit_codes
from stream_processors.cli.classifier_drift import drift
from stream_processors.cli.classifier_model import running_classifier
from stream_processors.cli.labelled_lines import LabelledText, Loose, read
from stream_processors.domain.classification.advising import Suggestion, suggested
from stream_processors.domain.classification.classifier import Classifier, loaded
from stream_processors.domain.classification.confidence import told
from stream_processors.domain.classification.judging import Judged, by_provider, judgement
from stream_processors.domain.classification.learning import labelled, learned
from stream_processors.domain.classification.scoring import calibrated
from stream_processors.domain.classification.weights import packed, unpacked

LEAST_NARRATIVES = 50

source = click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
model = click.option("--model", type=click.Path(path_type=Path, dir_okay=False), help="Instead of the one in force.")


@click.group()
def classifier() -> None:
    """Judge and train the classifier on labelled narratives of one's own."""


classifier.add_command(drift)


@classifier.command()
@source
@model
def evaluate(source: Path, model: Path | None) -> int:
    """Judge a model on SOURCE, JSON lines: {"id", "text", "report_type"?, "categories"?, "harm"?, "provider"?, "ambiguous"?}.

    Prints recall, precision, coverage, calibration error and confusion as JSON. Figures of narratives that the model was
    trained on mean nothing; `train` prints those of what each part had not seen.
    """
    lines, bad = _lines(source)
    ready = _chosen(model)
    answers = [_judged(line, ready.suggestion(line.text)) for line in lines]
    context.put({"model": ready.name, **judgement(answers), "by_provider": by_provider(answers)})
    return _ended(bad)


@classifier.command()
@source
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="own 1", help="What classifications will say they came from; a new one for every training.")
def train(source: Path, target: Path, name: str) -> int:
    """Train a model on SOURCE (as for `evaluate`) and write it to TARGET. Nothing uses it until a setting names it.

    The printed figures are of narratives whose provider (or fifth of the file) the judging model had not seen.
    """
    lines, bad = _lines(source)
    if len(lines) < LEAST_NARRATIVES:
        raise click.ClickException(f"{len(lines)} labelled narratives: at least {LEAST_NARRATIVES} are needed")
    texts = [labelled(one.text, one.report_type, one.categories, one.harm, one.ambiguous) for one in lines]
    try:
        found = learned(name, texts, [one.provider for one in lines])
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    policy = found.weights.policy
    answers = [
        _judged(line, told(suggested(calibrated(sums, policy), policy), policy))
        for line, sums in zip(lines, found.unseen, strict=True)
    ]
    target.write_bytes(packed(found.weights))
    context.put({"model": name, **judgement(answers), "by_provider": by_provider(answers)})
    context.say(f"written; PSO_CLASSIFIER_MODEL promotes it, after `pso classifier diff`: {len(lines)} narratives")
    return _ended(bad)


@classifier.command()
@source
@model
def diff(source: Path, model: Path | None) -> int:
    """What --model would say otherwise than the model in force about narratives in SOURCE ({"id", "text"}); counts as JSON.

    Exit code 3 where anything changes: somebody has to want it.
    """
    lines, bad = read(source, Loose)
    before, after = _chosen(None), _chosen(model)
    changes: dict[str, Counter[str]] = {"report_type": Counter(), "categories": Counter(), "harm": Counter()}
    for line in lines:
        old, new = before.suggestion(line.text), after.suggestion(line.text)
        for field, counts in changes.items():
            if getattr(old, field) != getattr(new, field):
                counts[f"{_said(old, field)} -> {_said(new, field)}"] += 1
    context.put({"narratives": len(lines), "before": before.name, "after": after.name, "changes": changes})
    return _ended(bad) or (exit_codes.FOUND if any(changes.values()) else exit_codes.OK)


def _said(suggestion: Suggestion, field: str) -> str:
    value = getattr(suggestion, field)
    return "+".join(value) if isinstance(value, tuple) and value else str(value or "(abstained)")


def _lines(source: Path) -> tuple[list[LabelledText], list[str]]:
    lines, bad = read(source, LabelledText)
    if not lines:
        raise click.ClickException("no labelled narrative in the file")
    return lines, bad


def _ended(bad: list[str]) -> int:
    for fault in bad:
        context.say(fault)
    return exit_codes.FAILED if bad else exit_codes.OK


def _chosen(model: Path | None) -> Classifier:
    if model is None:
        return running_classifier(context.settings())
    try:
        return loaded(unpacked(model.read_bytes()))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"--model is missing, damaged or of another build ({type(error).__name__})") from None


def _judged(line: LabelledText, said: Suggestion) -> Judged:
    return Judged(line.report_type, line.categories, line.harm, line.ambiguous, said, line.provider)
