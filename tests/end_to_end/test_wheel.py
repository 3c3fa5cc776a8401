"""The wheel, not the tree: built, installed alone in an empty folder, and run from there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stream_processors.domain.deidentification.tagging import shipped_version

ROOT = Path(__file__).parents[2]
BLOCKER = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"faust", "mode", "aiokafka", "psycopg", "stream_processors"}:
            raise ImportError(name)
sys.meta_path.insert(0, Blocker())
"""


NARRATIVE = {
    "id": "1",
    "text": "Dr. Raskolnik saw Ms. Quist, 94, on 5/16/2024 at 21:40; MRN 4471902.",
    "known": {"patient": {"given": "Jo"}},
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was unpacked, with nothing of the tree in reach."""
    return unpacked(tmp_path_factory.mktemp("wheel"), dict(os.environ))


def unpacked(folder: Path, environment: dict[str, str]) -> Path:
    """Build a wheel of a copy of the tree without what was compiled before, and unpack it."""
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("*.so", ".git", ".venv", ".work", "__pycache__"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    command: list[str | Path] = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, tree]
    subprocess.run(command, check=True, cwd=folder, env=environment)
    (wheel,) = folder.glob("pso_stream-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", folder / "site", wheel], check=True, cwd=folder)
    (folder / "empty").mkdir()
    return folder


def run(installed: Path, program: str, *words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run an entry point of the wheel; its dependencies come from this environment, its own code may not."""
    module = {"pso": "stream_processors.cli", "pso-produce": "producers.cli"}[program]
    script = (
        f"import sys; sys.path[:] = [{str(installed / 'site')!r}] + [p for p in sys.path if p != {str(ROOT)!r}]\n"
        f"{before}\nimport {module}, schemas\nassert schemas.__file__.startswith({str(installed)!r}), schemas.__file__\n"
        f"sys.argv = {[program, *words]!r}\n{module}.main()"
    )
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=installed / "empty", env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("program", ["pso", "pso-produce"])
def test_both_programs_run_from_the_wheel_in_an_empty_folder(installed: Path, program: str) -> None:
    done = run(installed, program, "--version")
    assert done.returncode == 0, done.stderr
    assert "0.1.0" in done.stdout


def test_the_wheel_brings_its_migrations_schemas_and_mappings(installed: Path) -> None:
    names = {str(path.relative_to(installed / "site")) for path in (installed / "site").rglob("*") if path.is_file()}
    for needed in (
        "stream_processors/warehouse/migrations/0001_operations.sql",
        "schemas/avro/safety_event.v1.avsc",
        "producers/mappings/fda-caers.toml",
    ):
        assert needed in names
    assert not any(name.startswith(("tests/", "deploy/")) for name in names)


def test_the_wheel_and_the_tree_are_one_version_of_the_deidentification(installed: Path) -> None:
    done = run(installed, "pso", "config", "engine", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {part: told[part] for part in shipped_version().described()} == shipped_version().described()


def test_a_provider_needs_neither_faust_nor_a_database_driver(installed: Path) -> None:
    done = run(installed, "pso-produce", "mappings", before=BLOCKER)
    assert done.returncode == 0, done.stderr
    assert "fda-caers" in done.stdout


def test_the_topology_is_checked_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    arrangements = ROOT / "tests" / "support" / "arrangements.toml"
    script = f"import os; os.environ['PSO_ARRANGEMENTS_FILE'] = {str(arrangements)!r}"
    done = run(installed, "pso", "topology", before=script)
    assert done.returncode == 0, done.stderr
    assert "nonidentify" in done.stdout


def test_a_wheel_built_without_a_c_compiler_is_pure_and_answers_the_same(installed: Path, tmp_path: Path) -> None:
    pure = unpacked(tmp_path, {**os.environ, "PATH": str(tmp_path)})
    assert [path.name for path in (pure / "site").rglob("*.so") if "stream_processors" in str(path)] == []
    assert len([path for path in (installed / "site").rglob("*.so") if "stream_processors" in str(path)]) == 4
    for grade in ("nonidentifiable", "anonymized"):
        assert released(pure, grade) == released(installed, grade)


def released(folder: Path, grade: str) -> str:
    """What the wheel makes of a narrative, without how long it took."""
    (folder / "in.jsonl").write_text(json.dumps(NARRATIVE) + "\n")
    done = run(folder, "pso", "deidentify", "--grade", grade, str(folder / "in.jsonl"), str(folder / "out.jsonl"))
    assert done.returncode == 0, done.stderr
    line = (folder / "out.jsonl").read_text().splitlines()[1]
    assert "[NAME-1]" in line
    return line
