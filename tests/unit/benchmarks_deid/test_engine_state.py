"""A run of the benchmark is of one engine."""

from pathlib import Path

import pytest

from tests.benchmarks.deid.engine_state import EngineChanged, engine_state, unchanged


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("schemas/a.py", "stream_processors/b.py", "stream_processors/__pycache__/b.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    return tmp_path


@pytest.mark.parametrize("name", ["schemas/a.py", "stream_processors/b.py", "stream_processors/model.bin"])
def test_another_content_is_another_engine(root: Path, name: str) -> None:
    before = engine_state(root)
    (root / name).write_text("two")
    with pytest.raises(EngineChanged, match="run again"):
        unchanged(before, engine_state(root))


def test_what_the_interpreter_keeps_is_no_part_of_it(root: Path) -> None:
    before = engine_state(root)
    (root / "stream_processors/__pycache__/b.pyc").write_text("two")
    unchanged(before, engine_state(root))
