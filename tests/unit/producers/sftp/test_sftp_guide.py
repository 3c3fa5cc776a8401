"""The guide to SFTP names every setting, option, scope, name and algorithm as they are."""

import re
from pathlib import Path

import click

from producers.commands.sftp import keys, sftp
from producers.drops import ACK, MANIFEST
from producers.sftp.connection import MOST_CONNECTIONS
from producers.sftp.folders import SCOPES
from producers.sftp.settings import DEFAULT_HOST_KEY, SftpSettings

ROOT = Path(__file__).parents[4]
GUIDE = (ROOT / "docs" / "guides" / "connect-by-sftp.md").read_text()
TOLD = dict(re.findall(r"^\| `(PSO_[A-Z_]+)` \| `([^`]+)`", GUIDE, re.MULTILINE))


def test_the_guide_and_the_code_name_the_same_settings() -> None:
    code = (ROOT / "producers" / "sftp" / "settings.py").read_text()
    names = re.compile(r"PSO_SFTP_[A-Z_]+[A-Z]")
    assert set(names.findall(GUIDE)) == set(names.findall(code))


def test_the_defaults_are_those_of_the_guide() -> None:
    settings = SftpSettings({})
    limits, listening = settings.limits(), settings.sftp_listening()
    defaults = {
        "PSO_GATEWAY_DIR": f"./{settings.folder()}",
        "PSO_GATEWAY_FREE_BYTES": str(limits.free_bytes),
        "PSO_SFTP_HOST": listening.host,
        "PSO_SFTP_PORT": str(listening.port),
        "PSO_SFTP_HOST_KEY_FILE": DEFAULT_HOST_KEY,
        "PSO_SFTP_FILE_BYTES": str(limits.file_bytes),
        "PSO_SFTP_FOLDER_BYTES": str(limits.folder_bytes),
        "PSO_SFTP_BYTES_PER_SECOND": f"{limits.bytes_per_second:.0f}",
        "PSO_SFTP_SESSIONS": str(limits.sessions),
        "PSO_SFTP_IDLE_SECONDS": f"{limits.idle_seconds:g}",
    }
    assert defaults == TOLD
    assert f"{MOST_CONNECTIONS} of all together" in GUIDE


def test_every_option_command_and_scope_is_in_the_guide() -> None:
    commands = [*keys.commands.values(), *sftp.commands.values()]
    options = [one.opts[0] for command in commands for one in command.params if isinstance(one, click.Option)]
    for word in (*options, *SCOPES, *keys.commands, *sftp.commands):
        assert word == "--json" or word in GUIDE, word


def test_what_the_batches_of_the_guide_upload_and_fetch_is_named_as_a_drop_is() -> None:
    for name in ("events.jsonl", f"events.jsonl{MANIFEST}"):
        assert f"put {name} {name}.part\nrename {name}.part {name}\n" in GUIDE
    assert f"get events.jsonl{ACK}\n" in GUIDE
