"""The guide to HTTP names every setting, code and option as they are, and its example is taken."""

import re
from pathlib import Path

import click
import msgspec

from producers.commands.gateway import keys
from producers.gateway.keys import Scope
from producers.gateway.problems import Kind
from tests.support.gateways import bearer, gateway

ROOT = Path(__file__).parents[4]
GUIDE = (ROOT / "docs" / "guides" / "connect-by-http.md").read_text()


def test_the_guide_and_the_code_name_the_same_settings() -> None:
    code = (ROOT / "producers" / "gateway" / "settings.py").read_text()
    names = re.compile(r"PSO_GATEWAY_[A-Z_]+[A-Z]")
    assert set(names.findall(GUIDE)) == set(names.findall(code))


def test_every_problem_is_in_the_table_with_its_status() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \| (.*?) \|", GUIDE, re.MULTILINE)
    told = {code: statuses for statuses, codes in rows for code in re.findall(r"`(\w+)`", codes)}
    assert {kind.code for kind in Kind} - {"method_not_allowed"} == set(told)
    assert all(str(kind.status) in told[kind.code] for kind in Kind if kind.code in told)


def test_every_option_and_scope_of_the_keys_is_in_the_guide() -> None:
    options = [one.opts[0] for command in keys.commands.values() for one in command.params if isinstance(one, click.Option)]
    for word in (*options, *Scope):
        assert word == "--json" or word in GUIDE, word


def test_the_example_is_taken(tmp_path: Path) -> None:
    (body,) = re.findall(r"-d '(\{.*\})'", GUIDE)
    headers = dict(re.findall(r"-H '([A-Za-z-]+): ([^']+)'", GUIDE))
    with gateway(tmp_path) as door:
        answer = door.client.post("/v1/events", content=body, headers=bearer(door.key()[0], **headers))
        assert answer.status_code == 202
        (shown,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
        assert set(msgspec.json.decode(shown)) == set(answer.json())
