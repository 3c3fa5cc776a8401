"""The arrangements between providers and the PSO: contract as data, read from TOML."""

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from schemas.records.flow import Restriction
from schemas.records.values import Id
from schemas.taxonomy import Category, NarrativeDates, NarrativeNames, NarrativeRelease, ProviderType, ReportType, Setting
from schemas.topics import DEAD, Topic, submitted
from stream_processors.domain.calendar import is_day
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.rejection import Reason, Rejected

ArrangementId = Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Day = Annotated[str, Meta(pattern=f"^{_DAY.pattern}$")]


class ArrangementTable(msgspec.Struct, frozen=True):
    """What one provider and the PSO agreed, as an [[arrangement]] table of the file says it.

    A renewed or changed contract keeps the id and gets a higher `policy_version`.
    """

    id: ArrangementId
    provider: Id
    provider_type: ProviderType
    policy_version: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    in_force_from: Day
    in_force_until: Day | None = None
    report_types: Annotated[frozenset[ReportType], Meta(min_length=1)] = frozenset(ReportType)
    categories: Annotated[frozenset[Category], Meta(min_length=1)] = frozenset(Category)
    narrative_release: NarrativeRelease = NarrativeRelease.NONE
    narrative_dates: NarrativeDates = NarrativeDates.SAFE_HARBOR
    narrative_names: NarrativeNames = NarrativeNames.TAGS
    test: bool = False
    """Everything that comes under it is invented: it takes the whole way into the warehouse and counts nowhere.

    Never changed afterwards: what counted would stay in the counts, what did not would be missing. `pso reconcile` finds it.
    """


class Arrangement(ArrangementTable, frozen=True):
    """The executable policy: law and contract (42 CFR 3.206(e)). Days are inclusive and counted in UTC.

    A table of the file takes nothing from what the law allows; a document may (domain/contract/).
    """

    settings: frozenset[Setting] = frozenset(Setting)
    formats: frozenset[str] = frozenset()
    """Formats of the file or message that are agreed; empty where any is."""
    withheld: tuple[str, ...] = ()
    """Paths of fields that the PSO does not keep."""
    functional: bool = False
    """Reporting is functional (73 FR 70741): only what is documented as within the PSES is reported."""
    restrictions: tuple[Restriction, ...] = ()

    @property
    def entry(self) -> Topic:
        """The topic into which this provider, and nobody else, writes."""
        return submitted(self.id)


_NO_SHIFT = (
    "moves dates, which are still dates to the day: that is for P3 and a documented determination of the risk "
    "(42 CFR 3.212(a)(1), 45 CFR 164.514(b)(1)), never for P1 or P2; this version makes no P3"
)


class InvalidArrangements(Faulty):
    """The file cannot be used."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an arrangement, and from when on (milliseconds, the broker's clock) events come in under it."""

    policy: Arrangement
    effective_at: int = 0


@dataclass(frozen=True, slots=True)
class Arrangements:
    """All arrangements in their newest version, by the entry topic that stands for each; and all their versions."""

    by_topic: Mapping[str, Arrangement]
    versions: Mapping[str, tuple[Version, ...]] = dataclasses.field(default_factory=dict)

    def in_force(self, topic: Topic, at: int | None) -> Arrangement:
        """The arrangement under which a record comes in that entered at this time: the highest version then in effect.

        Without a time, the newest. Raises Rejected where there was none yet, KeyError for a topic that is no entry.
        """
        if at is None or topic.name not in self.versions:
            return self.of(topic)
        then = [version.policy for version in self.versions[topic.name] if version.effective_at <= at]
        if not then:
            raise Rejected(Reason.ARRANGEMENT_NOT_IN_FORCE)
        return max(then, key=lambda policy: policy.policy_version)

    def of(self, topic: Topic) -> Arrangement:
        """The arrangement of an entry topic. Raises KeyError for any other topic: a mistake of ours, not of a record."""
        return self.by_topic[topic.name]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in the order of the file."""
        return tuple(arrangement.id for arrangement in self.by_topic.values())

    @property
    def entries(self) -> tuple[Topic, ...]:
        """The entry topics, in the order of the file."""
        return tuple(arrangement.entry for arrangement in self.by_topic.values())


def parse_arrangements(text: str) -> Arrangements:
    """The arrangements of a TOML text with one [[arrangement]] table each. Raises InvalidArrangements with all faults."""
    tables = _tables(text)
    faults = [fault for number, table in enumerate(tables) for fault in _faults(f"arrangement[{number}]", table)]
    faults += [*_repeated(tables, "id"), *_repeated(tables, "provider")]
    if faults:
        raise InvalidArrangements(faults)
    found = [msgspec.convert(table, Arrangement) for table in tables]
    return Arrangements(MappingProxyType({arrangement.entry.name: arrangement for arrangement in found}))


def _tables(text: str) -> list[dict[str, Any]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidArrangements([Fault("file", f"is no TOML: {error}")]) from None
    tables = document.pop("arrangement", None)
    unknown = [Fault(name, "is not known; only [[arrangement]] tables are") for name in document]
    if unknown:
        raise InvalidArrangements(unknown)
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise InvalidArrangements([Fault("arrangement", "needs at least one [[arrangement]] table")])
    return [{name: _as_text(value) for name, value in table.items()} for table in tables]


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value  # TOML has dates of its own


def _faults(place: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    fields = {field.name: field for field in msgspec.structs.fields(ArrangementTable)}
    yield from (Fault(f"{place}.{name}", "is not known") for name in table if name not in fields)
    for name, field in fields.items():
        if name in table:
            yield from _value_faults(f"{place}.{name}", table[name], field.type)
        elif field.required:
            yield Fault(f"{place}.{name}", "is missing")
    if table.get("narrative_dates") == NarrativeDates.SHIFT:
        yield Fault(f"{place}.narrative_dates", _NO_SHIFT)
    yield from _id_faults(place, table)
    yield from _day_faults(place, table)


def _value_faults(place: str, value: Any, expected: Any) -> Iterator[Fault]:
    try:
        msgspec.convert(value, expected)
    except msgspec.ValidationError as error:
        yield Fault(place, str(error))


def _id_faults(place: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    if str(table.get("id", "")).endswith(DEAD):
        yield Fault(f"{place}.id", f"ends with {DEAD}: its entry topic would be the dead letters of another")


def _day_faults(place: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    days = {name: table[name] for name in ("in_force_from", "in_force_until") if _DAY.fullmatch(str(table.get(name)))}
    faults = [Fault(f"{place}.{name}", "is no day of the calendar") for name, day in days.items() if not is_day(day)]
    yield from faults
    if not faults and len(days) == 2 and days["in_force_until"] < days["in_force_from"]:
        yield Fault(f"{place}.in_force_until", "lies before in_force_from")


def _repeated(tables: Sequence[Mapping[str, Any]], name: str) -> Iterator[Fault]:
    first: dict[Any, int] = {}
    for number, table in enumerate(tables):
        value = table.get(name)
        if not isinstance(value, str):
            continue
        if value in first:
            yield Fault(f"arrangement[{number}].{name}", f"is that of arrangement[{first[value]}]")
        first.setdefault(value, number)
