"""`pso deidentify`: the narrative engine on a file of texts, outside the flow, for evaluation and for single exports."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import BinaryIO

import click
import msgspec

from schemas.grades import Grade
from stream_processors.cli import context, exit_codes
from stream_processors.domain.deidentification.texts import LooseText, RedactedText, redacted

GRADES = {"anonymized": Grade.P1, "nonidentifiable": Grade.P2}
LONGEST_LINE = 64 << 20
"""Bytes. A line that is longer is refused with its number; nothing of it is read into memory."""

WARM_UP = "Mr. Placeholder fell in room 12 at 14:30, told by RN Sample on 3/4/2024; call 555-0100. Harm: none."


class UnreadableLine(click.ClickException):
    """A line that is no text of the expected form: its number and the reason, never its content."""

    exit_code = exit_codes.FAILED


@click.command()
@click.option("--grade", type=click.Choice(list(GRADES)), required=True, help="42 CFR 3.212 or 42 CFR 3.206(b)(4)(iv).")
@click.option("--no-known", is_flag=True, help="Leave out what each line's `known` record says.")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def deidentify(grade: str, no_known: bool, source: Path, target: Path) -> int:
    """Read texts from SOURCE, write what may leave to TARGET; both JSON lines.

    A line of SOURCE: {"id", "text", "known"?: {"patient", "facility", "event_date", "reporter", "providers"}}.
    The first line of TARGET says how long the engine took; then {"id", "spans", "text", "verdict"} for every text, with
    offsets in characters of the original. What could not be vouched for is withheld: "quarantined": true.
    """
    engine = context.engine()
    lines = list(_lines(source))
    for _ in range(200):  # on other text, so that caches of code and not of these texts are warm
        redacted(LooseText("warm-up", WARM_UP), GRADES[grade], engine)
    began, used = perf_counter(), process_time()
    results = [redacted(line, GRADES[grade], engine, use_known=not no_known) for line in lines]
    seconds, cpu_seconds = perf_counter() - began, process_time() - used
    _write(target, {"seconds": seconds, "cpu_seconds": cpu_seconds}, results)
    withheld = sum(result.quarantined for result in results)
    context.say(f"{len(results)} texts in {seconds:.2f} s, {withheld} withheld")
    return exit_codes.OK


def _lines(source: Path) -> Iterator[LooseText]:
    decoder = msgspec.json.Decoder(LooseText)
    with source.open("rb") as file:
        for number, line in enumerate(_bounded(file), 1):
            if not line.strip():
                continue
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                path = str(error).rpartition(" - at `$")[2].rstrip("`").lstrip(".") if " - at `$" in str(error) else ""
                raise UnreadableLine(f"line {number}: no text of the expected form {path}".rstrip()) from None


def _bounded(file: BinaryIO) -> Iterator[bytes]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise UnreadableLine(f"line {number}: longer than {LONGEST_LINE} bytes")
        yield line


def _write(target: Path, times: dict[str, float], results: list[RedactedText]) -> None:
    encode = msgspec.json.encode
    with target.open("wb") as out:
        out.write(encode({"_meta": times}) + b"\n")
        for result in results:
            out.write(encode(result) + b"\n")
