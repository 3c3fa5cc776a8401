"""python -m tests.mutation: puts every wrong into the grade rules in turn, runs their tests, and says which lived.

Nothing in the tree is changed: a forked process meets the changed module in memory. Exit code 3 where more than 5 % lived.
"""

import importlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutation import changed_modules
from tests.mutation.changed_modules import Wrong, install, table_wrongs
from tests.mutation.mutants import mutants

ROOT = Path(__file__).parents[2]
PACKAGE = "stream_processors.domain.deidentification"
MODULES = (
    "anonymized", "nonidentified", "release", "states", "ages", "zip3", "contributing_factors", "uniqueness",
    "rules", "rules_applied", "rules_treatments", "rare", "snapshot", "refresh", "relative_dates", "shifted_dates",
    "invented_names", "rewording",
)  # fmt: skip
UNIT = "tests/unit/domain/test_{}.py"
GRADES = (UNIT.format("anonymized"), UNIT.format("nonidentified"))
TABLES = (UNIT.format("identifier_tables"), "tests/properties/test_grade_rules.py")
OWN = ("ages", "zip3", "contributing_factors", "uniqueness", "rare", "relative_dates", "invented_names", "rewording")
FIRST = {
    **{name: (UNIT.format(name),) for name in OWN},
    **dict.fromkeys(("snapshot", "refresh", "states"), (UNIT.format("rare"),)),
    "shifted_dates": (UNIT.format("relative_dates"),),
}
"""Where a module has tests of its own they are asked first, and all of them only where those notice nothing."""
ALL = (*GRADES, *(UNIT.format(name) for name in OWN), "tests/contracts/test_disclosure_rules.py", *TABLES)
PRELOADED = ("pytest", "hypothesis", "msgspec", "schemas.codec", "schemas.rendering", "click")
"""What a process need not load anew. Nothing of the package under test is among them."""
LONGEST = 180
"""Seconds of processor time until a mutant counts as noticed because its tests do not end: not of the clock, or a busy
machine would notice mutants that no test sees."""
MOST_LIVING = 0.05


def wrongs() -> Iterator[Wrong]:
    """All of them."""
    for name in MODULES:
        path = ROOT.joinpath(*PACKAGE.split("."), f"{name}.py")
        for mutant in mutants(path.read_text()):
            yield Wrong(f"{name}.py:{mutant.line}", mutant.what, f"{PACKAGE}.{name}", mutant.tree)
    yield from table_wrongs(PACKAGE)


def notices(wrong: Wrong | None) -> bool:
    """In a process of its own: whether a test fails."""
    import pytest
    from hypothesis import Phase, settings

    # The smallest example of a wrong is of no use here, and the next run must say the same.
    settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True)
    settings.load_profile("mutation")
    if wrong is not None:
        install(wrong)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    name = "" if wrong is None else wrong.module.rpartition(".")[2]
    first = FIRST.get(name, TABLES if name in changed_modules.TABLES else GRADES)
    return any(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests]) for tests in (first, ALL))


@dataclass
class Tally:
    """How it stands."""

    running: dict[int, Wrong]
    lived: list[Wrong]
    done: int = 0

    def start(self, wrong: Wrong) -> None:
        child = os.fork()
        if child == 0:
            noticed = True
            try:
                noticed = notices(wrong)
            finally:
                os._exit(1 if noticed else 0)
        self.running[child] = wrong

    def reap(self) -> None:
        child, status = os.wait()
        wrong = self.running.pop(child)
        self.done += 1
        if status == 0:
            self.lived.append(wrong)
            print(f"lived: {wrong.where}: {wrong.what}", flush=True)


def main() -> int:
    """Runs them all on all processors."""
    for name in PRELOADED:
        importlib.import_module(name)
    everything = [wrong for wrong in wrongs() if not sys.argv[1:] or wrong.where.startswith(tuple(sys.argv[1:]))]
    began = time.monotonic()
    tally = Tally({}, [])
    tally.start(Wrong("nowhere", "nothing", "", None))
    tally.reap()
    if not tally.lived:
        print("the tests fail as it is")
        return 1
    tally = Tally({}, [])
    for wrong in everything:
        if len(tally.running) >= (os.cpu_count() or 1):
            tally.reap()
        tally.start(wrong)
    while tally.running:
        tally.reap()
    share = len(tally.lived) / max(1, len(everything))
    print(f"{len(everything)} mutants, {len(tally.lived)} lived ({share:.1%}), {time.monotonic() - began:.0f} s")
    return 3 if share > MOST_LIVING else 0


if __name__ == "__main__":
    sys.exit(main())
