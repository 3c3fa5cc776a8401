"""Compiles the kernel into a folder of its own and loads it, whatever the checkout holds."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

from deploy.models.kernel import command


def compiled_extension(folder: Path) -> ModuleType:
    """The extension built from the source of this checkout."""
    target = folder / "_tagger.so"
    subprocess.run(command(target), check=True, capture_output=True)
    found = importlib.util.spec_from_file_location("_tagger", target)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
