"""Compiles the C into a folder of its own and loads it, whatever the checkout holds."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

from deploy.models.kernel import SOURCES, command


def compiled_extension(folder: Path, name: str = "_tagger") -> ModuleType:
    """The extension built from the source of this checkout."""
    (source,) = (source for source in SOURCES if source.stem == name)
    target = folder / f"{name}.so"
    subprocess.run(command(source, target), check=True, capture_output=True)
    found = importlib.util.spec_from_file_location(name, target)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
