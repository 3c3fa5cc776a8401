"""Did any worker that slept while another took its partition say something when it woke? Read from their journals."""

from collections import Counter
from collections.abc import Iterable

from tests.chaos.fault_points import BEGIN, COMMIT, FENCED, PAUSE, SAID, SHUT_OUT, Line

WROTE, NEVER_SPOKE = "wrote", "never spoke"


def fates(journals: Iterable[list[Line]]) -> Counter[str]:
    """What became of the workers that paused before the end of a transaction and whose partition another took meanwhile."""
    written = list(journals)
    found = Counter[str]()
    for mine in written:
        others = [journal for journal in written if journal is not mine]
        for place, line in enumerate(mine):
            if line["what"] == PAUSE and line["point"] in (BEGIN, COMMIT):
                found += Counter(_fate(line, mine[place + 1 :], others))
    return found


def taken(pause: Line, others: Iterable[list[Line]], until: float = float("inf")) -> bool:
    """Whether another worker took the partition of a paused one, after it paused and before `until`."""
    lines = (line for journal in others for line in journal if line["what"] == SHUT_OUT)
    return any(pause["at"] < line["at"] < until and pause["partition"] == line["partition"] for line in lines)


def _fate(pause: Line, after: list[Line], others: list[list[Line]]) -> list[str]:
    """Nothing where nobody took its partition before it spoke again, which it may then do."""
    spoken = [line for line in after if line["what"] in (SAID, FENCED) and line["pid"] == pause["pid"]]
    first = next((line for line in spoken if line["partition"] == pause["partition"]), None)
    if first is not None and first["what"] == FENCED:  # then somebody has, even who died before saying so
        return [FENCED]
    if not taken(pause, others, first["at"] if first else float("inf")):
        return []
    return [WROTE if first else NEVER_SPOKE]
