"""Compiles the tagger's kernel into the wheel where a C compiler is at hand; elsewhere the wheel is pure and says so."""

import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TAGGER = Path("stream_processors") / "domain" / "deidentification" / "tagger"
FLAGS = ("-O3", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off")
"""Without contraction: a fused multiply-add would round once where the plain decoder rounds twice."""


class KernelHook(BuildHookInterface[Any]):
    """Adds the extension to a wheel; a wheel without it answers the same, far slower."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Called by hatchling before files are collected; an editable install compiles in place."""
        if self.target_name != "wheel":
            return
        name = "_tagger" + str(sysconfig.get_config_var("EXT_SUFFIX"))
        target = Path(self.root) / TAGGER / name
        if not self._compiled(target):
            self.app.display_warning("no C compiler: the tagger runs in plain Python, far slower")
            return
        build_data["infer_tag"] = True
        build_data["pure_python"] = False
        build_data["artifacts"].append(f"/{(TAGGER / name).as_posix()}")

    def _compiled(self, target: Path) -> bool:
        compiler = (sysconfig.get_config_var("CC") or "cc").split()
        include = sysconfig.get_paths()["include"]
        source = target.with_name("_tagger.c")
        try:
            subprocess.run([*compiler, *FLAGS, f"-I{include}", str(source), "-o", str(target), "-lm"], check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            target.unlink(missing_ok=True)
            return False
        return True
