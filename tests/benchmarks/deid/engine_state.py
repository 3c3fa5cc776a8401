"""Which engine is measured: its version, and a hash of everything it is made of."""

import hashlib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("schemas", "stream_processors")


class EngineChanged(RuntimeError):
    """The engine was not the same at the end of the run as at its beginning: its rows are not of one engine."""


def engine_state(root: Path = ROOT) -> str:
    """The version and the first digits of the hash over code, lists and models, by path and content."""
    digest = hashlib.sha256()
    for path in sorted(path for package in PACKAGES for path in (root / package).rglob("*") if _counts(path)):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return f"{version('pso-stream')} (sha256 {digest.hexdigest()[:12]})"


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def unchanged(before: str, after: str) -> None:
    """EngineChanged where the two states differ."""
    if before != after:
        raise EngineChanged(f"the engine changed during the run: {before}, then {after}; run again")
