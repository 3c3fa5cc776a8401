"""What is measured of a batch: each measure a part of a whole, or a delay. Merged by adding, so nothing but counts is kept."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from schemas.answers.count import Answering, answers
from stream_processors.domain.quality.delays import Delay, Stored, delays, quantile


class Share(StrEnum):
    """A measure that is a share. All but the first say what is wrong."""

    COMPLETE = Answering.COMPLETE.value
    """Weight of the questions that were answered, of those that were asked."""
    INVALID = "invalid"
    """What the validation or the warehouse refused, of everything that came."""
    VAGUE = Answering.VAGUE.value
    """`other` and `unknown` of all coded answers."""
    UNMAPPED = Answering.UNMAPPED.value
    """Values kept as written that have no canonical value, of all that were kept."""
    REPEATED = "repeated"
    """Events with the content of one before, of all events."""
    NEARLY_REPEATED = "nearly_repeated"
    """The same with near copies, where it was asked for."""


_SHARES = {what: Share(what) for what in Answering}


@dataclass(frozen=True, slots=True, order=True)
class Batch:
    """What one source and one version of a mapping gave. With empty names: everything of a provider."""

    provider: str
    system: str = ""
    format: str = ""
    mapping: str = ""

    @property
    def whole(self) -> bool:
        """Everything of a provider."""
        return self.system == ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `subject` is a field, a reason or a quantile; empty for the whole batch. A share is `part` of `whole`.

    Of completeness as a whole both are weights, of one question both are numbers of events.
    """

    name: Share | Delay
    subject: str
    part: int
    whole: int

    @property
    def value(self) -> float:
        """Between 0 and 1 for a share; days or seconds for a delay, whose `whole` is the number of events that have one."""
        return self.part / self.whole if isinstance(self.name, Share) else float(self.part)


class Tally:
    """The counts of one batch."""

    def __init__(self) -> None:
        self.events = 0
        self._shares: dict[tuple[Share, str], list[int]] = {}
        self._delays: dict[Delay, Counter[int]] = {delay: Counter() for delay in Delay}

    def add(self, stored: Stored, *, again: bool) -> None:
        """Count one event; `again`: its content came before under another id."""
        self.events += 1
        for what, subject, part, whole in answers(stored.event):
            self._count(_SHARES[what], subject, part, whole)
        self._count(Share.REPEATED, "", again, 1)
        for delay, units in delays(stored):
            self._delays[delay][units] += 1

    def join(self, other: "Tally") -> None:
        """Count what the other counted."""
        self.events += other.events
        for (share, subject), counted in other._shares.items():
            self._count(share, subject, *counted)
        for delay, units in other._delays.items():
            self._delays[delay].update(units)

    def refuse(self, refused: Mapping[str, int]) -> None:
        """Count what never became an event, by reason."""
        whole = self.events + sum(refused.values())
        for reason, count in refused.items():
            self._shares[Share.INVALID, reason] = [count, whole]
        if whole:
            self._shares[Share.INVALID, ""] = [sum(refused.values()), whole]

    def nearly_repeat(self, copies: int) -> None:
        """Count copies among the events of this tally, exact and near ones."""
        if self.events:
            self._shares[Share.NEARLY_REPEATED, ""] = [copies, self.events]

    def measures(self) -> tuple[Measure, ...]:
        """Every figure, in an order that does not depend on that of the events."""
        shares = (Measure(name, subject, *counted) for (name, subject), counted in sorted(self._shares.items()))
        return (*shares, *self._quantiles())

    def _quantiles(self) -> Iterator[Measure]:
        for delay, counted in self._delays.items():
            if counted:
                yield Measure(delay, "median", quantile(counted, 5), counted.total())
                yield Measure(delay, "ninth_decile", quantile(counted, 9), counted.total())

    def _count(self, share: Share, subject: str, part: int, whole: int) -> None:
        counted = self._shares.setdefault((share, subject), [0, 0])
        counted[0] += part
        counted[1] += whole
