"""docs/guides/add-a-processor.md works: the page is followed in a copy of the tree, and the copy passes its tests."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guides" / "add-a-processor.md"
COPIED = ("schemas", "producers", "stream_processors", "deploy", "tests", "docs")
BLOCK = re.compile(r"```(?P<kind>python|sql|json|diff)\n(?:#|--) (?P<path>\S+)\n(?P<text>.*?)```", re.DOTALL)
CHECK = """
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.topology import Judges, refuse_unlawful, topology
from tests.support import builders
from tests.support.classifiers import SHIPPED
declared = refuse_unlawful(topology(builders.arrangements(), Judges(PATTERNS_ONLY, SHIPPED)))
assert "escalate" in [step.name for step in declared.steps]
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which the page was followed."""
    copy = tmp_path_factory.mktemp("guide")
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    blocks = list(BLOCK.finditer(GUIDE.read_text()))
    assert len(blocks) > 10
    for block in blocks:
        path = copy / block["path"]
        if block["kind"] == "diff":
            path.write_text(patched(path.read_text(), block["text"].splitlines(), block["path"]))
        else:
            assert not path.exists(), path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"])
    run(copy, "-m", "schemas", "render")
    run(copy, "-m", "deploy.reference")
    return copy


def patched(text: str, lines: list[str], path: str) -> str:
    """The text with a diff applied whose unchanged and removed lines stand there exactly once."""
    before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    assert text.count(before) == 1, f"{path} has this {text.count(before)} times:\n{before}"
    return text.replace(before, after)


def run(tree: Path, *arguments: str) -> str:
    """Runs Python on the copy, and on nothing of the tree it was copied from."""
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env={"PYTHONPATH": str(tree)}, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout


def test_the_topology_with_the_new_step_is_lawful(tree: Path) -> None:
    run(tree, "-c", CHECK)


def test_the_new_rule_passes_its_tests_and_the_contracts_hold(tree: Path) -> None:
    contracts = [f"tests/contracts/test_{name}.py" for name in ("topics", "avro_schemas", "examples", "reference")]
    said = run(tree, "-m", "pytest", "tests/unit/domain/test_escalation.py", *contracts)
    assert "passed" in said
    assert "failed" not in said


def test_the_new_code_is_as_strict_as_the_rest(tree: Path) -> None:
    new = ["schemas/records/escalation.py", "stream_processors/domain/escalation.py"]
    new += ["stream_processors/processors/escalate.py", "stream_processors/sinks/escalations.py"]
    run(tree, "-m", "mypy", "--no-incremental", *new)
    run(tree, "-m", "ruff", "check", "--no-cache", *new, "tests/unit/domain/test_escalation.py")
    run(tree, "-m", "ruff", "format", "--no-cache", "--check", *new, "tests/unit/domain/test_escalation.py")
