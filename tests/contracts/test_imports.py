"""Importing does nothing but import, needs no environment, and follows the import contracts of pyproject.toml."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "producers", "stream_processors")

# Runs in a fresh interpreter; forks a child per module, so that no import can lean on an earlier one.
PROBE = """
import importlib, json, logging, os, signal, sys, threading

def state():
    return {
        "environment": dict(os.environ),
        "threads": threading.active_count(),
        "folder": sorted(os.listdir()),
        "log handlers": len(logging.getLogger().handlers),
        "log level": logging.getLogger().level,
        "terminate": str(signal.getsignal(signal.SIGTERM)),
        "interrupt": str(signal.getsignal(signal.SIGINT)),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "working folder": os.getcwd(),
    }

def imported(module):
    before = state()
    importlib.import_module(module)
    after = state()
    return [name for name in before if before[name] != after[name]]

faults = {}
for module in json.loads(sys.argv[1]):
    read, write = os.pipe()
    if not (child := os.fork()):
        os.close(read)
        try:
            said = json.dumps(imported(module))
        except BaseException as error:
            said = json.dumps([f"{type(error).__name__}: {error}"])
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        found = json.loads(pipe.read())
    os.waitpid(child, 0)
    if found:
        faults[module] = found
print(json.dumps(faults))
"""


def modules() -> list[str]:
    """Every module of the three packages, by the files in the tree."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    dotted = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    return [name.removesuffix(".__init__") for name in dotted]


def test_there_are_modules_of_every_package() -> None:
    assert {name.partition(".")[0] for name in modules()} == set(PACKAGES)


def test_every_module_imports_alone_with_an_empty_environment_and_changes_nothing(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-B", "-c", PROBE, json.dumps(modules())],
        env={}, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {}


def loaded(folder: Path, modules: Sequence[str], heavy: Sequence[str]) -> str:
    """Which of the heavy packages are there after these modules were imported."""
    lines = [f"import {name}" for name in modules]
    said = f"print([m for m in {tuple(heavy)} if m in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-B", "-c", "\n".join(["import sys", *lines, said])],
        env={}, cwd=folder, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return ran.stdout.strip()


def test_a_producer_needs_neither_faust_nor_a_database_driver(tmp_path: Path) -> None:
    of_a_pso = "producers.gateway.warehouse"  # loaded where PSO_GATEWAY_DATABASE_URL is set, and nowhere else
    names = [name for name in modules() if name.partition(".")[0] in ("schemas", "producers") and name != of_a_pso]
    assert loaded(tmp_path, names, ("faust", "aiokafka", "psycopg", "fastavro")) == "[]"


def test_pso_loads_no_mathematics_before_a_command_asks_for_it(tmp_path: Path) -> None:
    assert loaded(tmp_path, ["stream_processors.cli.program"], ("numpy", "scipy")) == "[]"


def test_the_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    ran = subprocess.run(
        [linter, "--no-cache", "--config", "pyproject.toml"], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_contracts_cover_every_package(package: str) -> None:
    assert f'"{package}"' in (ROOT / "pyproject.toml").read_text().partition("[tool.importlinter]")[2]
