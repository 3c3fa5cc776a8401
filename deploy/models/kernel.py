"""Compiles the tagger's kernel beside its source, for work in a checkout.

python -m deploy.models.kernel
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

from deploy.models.places import SHIPPED

SOURCE = SHIPPED / "tagger" / "_tagger.c"
FLAGS = ("-O3", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off", "-Wall", "-Wextra", "-Wno-missing-field-initializers")
"""Without contraction: a fused multiply-add would round once where the plain decoder rounds twice."""


def command(target: Path) -> list[str]:
    """The compiler's command line."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()
    return [*compiler, *FLAGS, f"-I{sysconfig.get_paths()['include']}", str(SOURCE), "-o", str(target), "-lm"]


def built() -> Path:
    """Compiles; the file's name carries the interpreter's tag. Raises CalledProcessError or FileNotFoundError."""
    target = SOURCE.with_name("_tagger" + str(sysconfig.get_config_var("EXT_SUFFIX")))
    subprocess.run(command(target), check=True)
    return target


if __name__ == "__main__":
    print(built().name)
    sys.exit(0)
