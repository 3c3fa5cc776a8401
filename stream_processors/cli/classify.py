"""`pso classify`: the classifier on a file of narratives, outside the flow."""

from pathlib import Path

import click
import msgspec

from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.cli import context, exit_codes
from stream_processors.cli.classifier_model import running_classifier
from stream_processors.cli.labelled_lines import Loose, read
from stream_processors.domain.classification.advising import Suggestion


class Confidences(msgspec.Struct, frozen=True):
    """How likely the likeliest code is, whether or not it was said."""

    report_type: float
    category: float
    harm: float


class Answer(msgspec.Struct, frozen=True):
    """A line of the output; null where it abstained."""

    id: str | int
    report_type: ReportType | None
    categories: tuple[Category, ...] | None
    harm: Harm | None
    confidence: Confidences


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def classify(source: Path, target: Path) -> int:
    """Read narratives from SOURCE, write suggested codes to TARGET; both JSON lines, in the same order.

    A line of SOURCE: {"id", "text", "setting"?, "reported"?}. A line of TARGET: {"id", "report_type", "categories", "harm",
    "confidence"}, null where it abstained. A bad line is named, left out, and makes the exit code 1.

    Setting and reported codes change no answer. Advice that had seen the reporter's code could not check it, and what a setting
    makes likely could not be learned from invented reports without inventing it.
    """
    lines, bad = read(source, Loose)
    classifier = running_classifier(context.settings())
    with target.open("wb") as out:
        for line in lines:
            out.write(msgspec.json.encode(_answer(line.id, classifier.suggestion(line.text))) + b"\n")
    for fault in bad:
        context.say(fault)
    context.say(f"{len(lines)} narratives classified by {classifier.name}, {len(bad)} bad lines")
    return exit_codes.FAILED if bad else exit_codes.OK


def _answer(id_: str | int, said: Suggestion) -> Answer:
    report_type, category, harm = (round(value, 3) for value in said.confidence)
    return Answer(id_, said.report_type, said.categories or None, said.harm, Confidences(report_type, category, harm))
