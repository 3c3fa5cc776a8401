"""Compiles the narrative engine's C into the wheel where a compiler is at hand; elsewhere the wheel is pure and says so."""

import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ENGINE = Path("stream_processors") / "domain" / "deidentification"
SOURCES = (
    ENGINE / "tagger" / "_tagger.c",
    *(ENGINE / "compiled" / f"{name}.c" for name in ("_search", "_check", "_encodings")),
)
FLAGS = ("-O3", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off")
"""Without contraction: a fused multiply-add would round once where the plain decoder rounds twice."""


class KernelHook(BuildHookInterface[Any]):
    """Adds the extension to a wheel; a wheel without it answers the same, far slower."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Called by hatchling before files are collected; an editable install compiles in place."""
        if self.target_name != "wheel":
            return
        suffix = str(sysconfig.get_config_var("EXT_SUFFIX"))
        targets = [source.with_suffix(suffix) for source in SOURCES]
        if not all(self._compiled(source, target) for source, target in zip(SOURCES, targets, strict=True)):
            for target in targets:  # all or none: half of it in C would be one more program to trust
                (Path(self.root) / target).unlink(missing_ok=True)
            self.app.display_warning("no C compiler: the narrative engine runs in plain Python, far slower")
            return
        build_data["infer_tag"] = True
        build_data["pure_python"] = False
        build_data["artifacts"] += [f"/{target.as_posix()}" for target in targets]

    def _compiled(self, source: Path, target: Path) -> bool:
        compiler = (sysconfig.get_config_var("CC") or "cc").split()
        include = sysconfig.get_paths()["include"]
        root = Path(self.root)
        command = [*compiler, *FLAGS, f"-I{include}", str(root / source), "-o", str(root / target), "-lm"]
        try:
            subprocess.run(command, check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            return False
        return True
