"""pso-produce certificate: what the register says of events, signed, as JSON and as a page to print."""

from collections.abc import Sequence
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from producers.commands.files import write_whole
from producers.commands.presentation import data, json_line, json_option
from producers.commands.status import existing_outbox
from producers.commands.words import events_argument
from producers.custody.acts import Custody
from producers.custody.certificate import certificate as certify
from producers.custody.certificate import file_stem
from producers.custody.keys import load_key
from producers.custody.page import page
from producers.custody.reading import entries_of, head
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox
from producers.settings import Settings, environment


@click.command()
@events_argument
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where the files go; made if absent."
)
@click.option("--together", is_flag=True, help="One certificate over all EVENTs instead of one each.")
@json_option
def certificate(events: tuple[str, ...], out: Path, together: bool, as_json: bool) -> ExitCode:
    """Write a signed custody certificate of each EVENT into DIR: a JSON file and the same as a page to print.

    It holds ids, states, times, policy version, PSO, purpose, the hash of the content and the links into the register;
    no word of the event and no person. Sign with the key of `pso-produce key new`. To verify it, hand over the JSON file,
    the public key, `pso-produce register export` and producers/custody/verify.py, which runs alone.

    \b
    Example:
      pso-produce certificate 2024-0031 2024-0032 --out certificates
    """
    key = load_key(Settings(environment()).custody_key())
    groups = [list(dict.fromkeys(events))] if together else [[event] for event in dict.fromkeys(events)]
    with existing_outbox() as outbox:
        Custody(outbox).held(events)  # an unknown event is told before any file is written
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failure(f"{out}: {error.strerror}") from None
        for group in groups:
            written = _write(outbox, group, out, key)
            json_line(events=group, certificate=str(written), page=str(written.with_suffix(".html"))) if as_json else data(
                str(written)
            )
    return ExitCode.OK


def _write(outbox: Outbox, events: Sequence[str], out: Path, key: Ed25519PrivateKey) -> Path:
    with outbox.transaction():  # items and head of one moment, whoever else writes
        sequences = [held.sequence for held in Custody(outbox).held(events)]
        issued = certify(entries_of(outbox, sequences), head(outbox), outbox.now(), key)
    target = out / (file_stem(events) + ".json")
    write_whole(target.with_suffix(".html"), [page(issued).encode()])
    write_whole(target, [issued.document])
    return target
