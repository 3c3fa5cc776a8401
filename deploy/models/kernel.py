"""Compiles the narrative engine's C beside its sources, for work in a checkout.

python -m deploy.models.kernel
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

from deploy.models.places import SHIPPED

SOURCES = (
    SHIPPED / "tagger" / "_tagger.c",
    *(SHIPPED / "compiled" / f"{name}.c" for name in ("_search", "_check", "_encodings")),
)
FLAGS = ("-O3", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off", "-Wall", "-Wextra", "-Wno-missing-field-initializers")
"""Without contraction: a fused multiply-add would round once where the plain decoder rounds twice."""


def command(source: Path, target: Path) -> list[str]:
    """The compiler's command line."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()
    return [*compiler, *FLAGS, f"-I{sysconfig.get_paths()['include']}", str(source), "-o", str(target), "-lm"]


def built() -> list[Path]:
    """Compiles; the files' names carry the interpreter's tag. Raises CalledProcessError or FileNotFoundError."""
    targets = [source.with_suffix(str(sysconfig.get_config_var("EXT_SUFFIX"))) for source in SOURCES]
    for source, target in zip(SOURCES, targets, strict=True):
        subprocess.run(command(source, target), check=True)
    return targets


if __name__ == "__main__":
    print("\n".join(target.name for target in built()))
    sys.exit(0)
