"""`pso deidentify`: the narrative engine outside the flow, for evaluation, single exports, and before a version goes live."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import click
from msgspec.structs import replace

from schemas.grades import Grade
from schemas.records.manifest import RemovedSpans
from stream_processors.cli import context, exit_codes
from stream_processors.cli.replay_report import replay, report
from stream_processors.cli.text_files import Made, Results, UnreadableLine, results_of, texts_of, write_results
from stream_processors.domain.deidentification.counting import summed
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.texts import Answer, LooseText, RedactedText, answer, answers, redacted
from stream_processors.warehouse.narratives import NoEvent, Reading, stored_narratives

GRADES = {"anonymized": Grade.P1, "nonidentifiable": Grade.P2}

WARM_UP = "Mr. Placeholder fell in room 12 at 14:30, told by RN Sample on 3/4/2024; call 555-0100. Harm: none."

Job = Callable[[], Sequence[Answer]]
"""The engine's work on what is timed as one: some lines of a file, or an event with its narratives."""
TOGETHER = 200
"""Lines: to ask the clock for every one would cost more than counting what was removed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, on the command line. Raises click.UsageError for what does not go together."""

    grade: str
    no_known: bool
    files: tuple[Path, ...]
    before: Path | None
    places: bool
    as_json: bool
    from_warehouse: bool
    share: float
    who: str | None
    why: str | None

    def __post_init__(self) -> None:
        wanted = 1 if self.from_warehouse else 2
        if len(self.files) != wanted:
            raise click.UsageError("name TARGET alone" if self.from_warehouse else "name SOURCE and TARGET")
        for file in (*self.files[:-1], *([self.before] if self.before else [])):
            if not file.exists():
                raise click.UsageError(f"there is no file {file}")
        if self.from_warehouse and not ((self.who or "").strip() and (self.why or "").strip()):
            raise click.UsageError("reading stored narratives needs --by and --reason: both are kept")
        if self.before and self.before.resolve() == self.target.resolve():
            raise click.UsageError("TARGET would write over the results to compare with")
        if self.before is None and (self.places or self.as_json):
            raise click.UsageError("--places and --json belong to --replay-diff")

    @property
    def target(self) -> Path:
        """Where the results go."""
        return self.files[-1]


@click.command()
@click.option("--grade", type=click.Choice(list(GRADES)), required=True, help="42 CFR 3.212 or 42 CFR 3.206(b)(4)(iv).")
@click.option("--no-known", is_flag=True, help="Leave out what each line's `known` record says.")
@click.option(
    "--replay-diff",
    "before",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="BEFORE",
    help="Compare with BEFORE, the TARGET of another version; exit code 3 on any difference.",
)
@click.option("--places", is_flag=True, help="With --replay-diff: also say ids and offsets.")
@context.json_option
@click.option("--from-warehouse", is_flag=True, help="Read the narratives of stored events instead of SOURCE.")
@click.option("--share", type=click.FloatRange(0, 1, min_open=True), default=1.0, help="Of the stored events. [default: all]")
@click.option("--by", "who", help="With --from-warehouse: who reads, a name or staff number of the PSO's workforce.")
@click.option("--reason", "why", help="With --from-warehouse: why; kept in the protected schema.")
@click.argument("files", nargs=-1, metavar="[SOURCE] TARGET", type=click.Path(path_type=Path, dir_okay=False))
def deidentify(**given: Any) -> int:
    """Read texts from SOURCE, write what may leave to TARGET; both JSON lines.

    A line of SOURCE: {"id", "text", "known"?: {"patient", "facility", "event_date", "reporter", "providers"}}.
    The first line of TARGET says how long the engine took and which version it is; then {"id", "spans", "text", "verdict"} for
    every text, with offsets in characters of the original. What could not be vouched for is withheld: "quarantined": true.
    """
    asked = Asked(**given)
    before = _before(asked)
    engine = context.engine()
    if warning := context.slow_kernel(engine):
        context.say(f"pso: {warning}")
    jobs = _stored(asked, engine) if asked.from_warehouse else _lines(asked, engine)
    for _ in range(200):  # on other text, so that caches of code and not of these texts are warm
        redacted(LooseText("warm-up", WARM_UP), GRADES[asked.grade], engine)
    made, results = _worked(asked, engine, jobs)
    write_results(asked.target, made, results)
    withheld = sum(result.quarantined for result in results)
    context.say(f"{len(results)} texts in {made.seconds:.2f} s, {withheld} withheld")
    if before is None:
        return exit_codes.OK
    compared = replay(before, results, engine.manifest)
    report(compared, places=asked.places, as_json=asked.as_json)
    return exit_codes.FOUND if compared.differs else exit_codes.OK


def _before(asked: Asked) -> Results | None:
    """The results to compare with: of the same question, as far as they say."""
    if asked.before is None:
        return None
    try:
        found = results_of(asked.before)
    except UnreadableLine as error:
        raise UnreadableLine(f"{asked.before}, {error.message}") from None
    if found.made.grade not in (None, asked.grade) or found.made.known not in (None, not asked.no_known):
        raise click.UsageError(f"{asked.before} was made for another grade, or otherwise with --no-known")
    return found


def _lines(asked: Asked, engine: NarrativeEngine) -> list[Job]:
    """All lines are read before the first is worked on: a file with a bad line leaves no half result."""
    work = partial(answer, grade=GRADES[asked.grade], engine=engine, use_known=not asked.no_known)
    lines = list(texts_of(asked.files[0]))
    if asked.before and len({line.id for line in lines}) < len(lines):
        raise UnreadableLine(f"{asked.files[0]}: two lines have one id")
    return [partial(_each, work, lines[at : at + TOGETHER]) for at in range(0, len(lines), TOGETHER)]


def _each(work: Callable[[LooseText], Answer], lines: Sequence[LooseText]) -> Sequence[Answer]:
    return [work(line) for line in lines]


def _stored(asked: Asked, engine: NarrativeEngine) -> Iterator[Job]:
    found = context.settings(context.DATABASE)
    grade = GRADES[asked.grade]
    reading = Reading((asked.who or "").strip(), (asked.why or "").strip(), grade, engine.version.id)
    work = partial(answers, grade=grade, engine=engine, use_known=not asked.no_known)
    try:
        for one in stored_narratives(found.text("PSO_DATABASE_URL"), reading, asked.share, found.database_password):
            yield partial(work, one.event, str(one.position))
    except NoEvent as error:
        raise UnreadableLine(str(error)) from None


def _worked(asked: Asked, engine: NarrativeEngine, jobs: Sequence[Job] | Iterator[Job]) -> tuple[Made, list[RedactedText]]:
    """Does the work, and times the engine alone."""
    results: list[RedactedText] = []
    counts: Counter[tuple[RemovedSpans, ...]] = Counter()
    seconds = cpu_seconds = 0.0
    for job in jobs:
        began, used = perf_counter(), process_time()
        done = job()
        seconds, cpu_seconds = seconds + perf_counter() - began, cpu_seconds + process_time() - used
        results += [one.text for one in done]
        counts.update(one.removed() for one in done)
    manifest = replace(engine.manifest, removed=summed(counts.elements()))
    return Made(seconds, cpu_seconds, asked.grade, not asked.no_known, manifest), results
