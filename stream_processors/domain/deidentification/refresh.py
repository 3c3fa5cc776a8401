"""What another snapshot would change: counted over the events that it was made from, before it goes live."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stream_processors.domain.deidentification.rare import Rarity
from stream_processors.domain.deidentification.uniqueness import Counted


@dataclass(frozen=True, slots=True)
class Refresh:
    """Events by what becomes of them."""

    events: int
    same: int
    more_general: int
    """They tell nothing that they did not tell before, and less."""
    more_told: int
    """They tell something that they did not tell before: somebody looks before it goes live."""
    withheld: int
    """They do not leave under the new one."""
    given_up: Mapping[str, int]
    """Field -> events that do not tell theirs under the new one."""


def refresh(counted: Iterable[Counted], before: Rarity, now: Rarity) -> Refresh:
    """The same question to two snapshots about each event."""
    became: Counter[str] = Counter()
    given_up: Counter[str] = Counter()
    for one in counted:
        old, new = before.ask(one.combinations), now.ask(one.combinations)
        became["events"] += one.events
        if now.withholds and not new.is_shared:
            became["withheld"] += one.events
            continue
        given_up.update(dict.fromkeys(new.generalised, one.events))
        gone_before, gone_now = set(old.generalised), set(new.generalised)
        was_withheld = before.withholds and not old.is_shared
        change = "same" if gone_before == gone_now else "more_general" if gone_before < gone_now else "more_told"
        became["more_told" if was_withheld else change] += one.events
    counts = {name: became[name] for name in ("events", "same", "more_general", "more_told", "withheld")}
    return Refresh(**counts, given_up=dict(sorted(given_up.items())))
