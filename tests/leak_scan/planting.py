"""A whole event, drawn from the record types, in which every text may be a planted identifier, and the list of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from msgspec import convert, inspect

from schemas.grades import Grade
from schemas.records import Record, SafetyEvent
from schemas.taxonomy import Action, Harm, ReportType
from stream_processors.domain.arrangements import Arrangement
from tests.leak_scan.fields import EVENT_FIELDS, GRADES, Field
from tests.leak_scan.identifiers import FULL_NAME, KINDS, NATURAL, SHAPED, Identifier
from tests.leak_scan.words import AROUND_A_LABEL, AROUND_AN_IDENTIFIER, LABELS, SENTENCES
from tests.support.encodings import AS_TYPED, ENCODINGS, ILLEGIBLE

EVERYWHERE = frozenset[Grade | None]((*GRADES, Grade.P0, None))
"""Also in what a dead letter says of itself, which stays in P0, and in logs and metrics, which have no grade."""
_UNGRADED = EVERYWHERE - frozenset(GRADES)
_IDS = ("event.provider", "event.event_id")
"""No text, but visible characters; the provider is the one whose arrangement it is."""
_CODE = KINDS["code"]
_SAID = {**ENCODINGS, **AS_TYPED}


@dataclass(frozen=True, slots=True)
class Plant:
    """What was planted where, and the grades in which it must not be found."""

    path: str
    identifier: Identifier
    forbidden: frozenset[Grade | None]
    written: str = ""
    """As it stands in words, where that is another text than the identifier."""


@dataclass(slots=True)
class Planting:
    """One event in the making."""

    random: Random
    provider: str
    plants: list[Plant] = field(default_factory=list)
    own: list[Plant] = field(default_factory=list)
    """The identifiers of the record, to be said again in words and labels."""
    later: list[tuple[dict[str, Any], Field]] = field(default_factory=list)
    day: date = date(2024, 1, 1)

    def event(self) -> SafetyEvent:
        """The event; `plants` says what is in it."""
        random = self.random
        self.day += timedelta(days=random.randrange(300))
        values = self._record(SafetyEvent)
        for holder, where in self.later:
            texts = [self._words(where) for _ in range(random.randint(1, 2) if where.is_list else 1)]
            holder[where.name] = texts if where.is_list else texts[0]
        return convert(values | self._consistent(), SafetyEvent)

    def _consistent(self) -> dict[str, Any]:
        """What the rules of acceptance ask to fit together."""
        random = self.random
        kind = random.choice(list(ReportType))
        action = random.choices(list(Action), (8, 1, 1))[0]
        harms = [harm for harm in Harm if harm is not Harm.NOT_APPLICABLE] if kind is ReportType.INCIDENT else [None]
        return {"report_type": kind, "action": action, "revision": random.randint(2, 9), "harm": random.choice(harms)}

    def _record(self, kind: type[Record]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for where in EVENT_FIELDS[kind]:
            if not where.is_required and self.random.random() < 0.15:
                continue
            if where.record is not None:
                count = self.random.randint(1, 2) if where.is_list else 1
                made = [self._record(where.record) for _ in range(count)]
                values[where.name] = made if where.is_list else made[0]
            elif where.is_text and (where.is_label or not where.forbidden):
                self.later.append((values, where))
            else:
                values[where.name] = [self._value(where)] if where.is_list else self._value(where)
        return values

    def _value(self, where: Field) -> Any:
        kind = where.kind
        match kind:
            case inspect.EnumType():
                return self.random.choice(list(kind.cls))
            case inspect.BoolType():
                return self.random.random() < 0.5
            case inspect.IntType():
                return self.random.randint(kind.ge or 0, kind.le or 1000)
            case inspect.StrType() if where.is_text:
                return self._planted(where)
            case inspect.StrType():
                return self._moment(where, kind.pattern or "")
        raise TypeError(f"nothing to plant in {where.path}")

    def _moment(self, where: Field, pattern: str) -> str:
        """A date, a time of day or an instant; dates in the order of the fields, births long before."""
        if where.name.startswith("birth"):
            day = self.day - timedelta(days=self.random.randrange(300, 40_000))
        else:
            day = self.day = self.day + timedelta(days=self.random.randrange(3))
        time = f"{self.random.randrange(24):02}:{self.random.randrange(60):02}"
        text = f"{day}T{time}:07Z" if "T" in pattern else time if ":" in pattern else f"{day}"
        self.plants.append(Plant(where.path, Identifier(text), where.forbidden | _UNGRADED))
        return text

    def _planted(self, where: Field) -> str:
        """An identifier of the kind that the field usually holds, or of any."""
        natural = NATURAL.get(where.name)
        is_natural = natural is not None and self.random.random() < 0.8
        chosen = natural if is_natural and natural else self.random.choice(list(KINDS))
        identifier = KINDS[chosen](self.random)
        if where.path in _IDS:
            identifier, is_natural = Identifier(self.provider) if where.name == "provider" else _CODE(self.random), True
        plant = Plant(where.path, identifier, where.forbidden | _UNGRADED)
        self.plants.append(plant)
        if is_natural and where.names_somebody:
            self.own.append(plant)
        return plant.identifier.text

    def _words(self, where: Field) -> str:
        """A label or a narrative."""
        if where.is_label:
            return self._label(where)
        sentences = [self.random.choice(SENTENCES) for _ in range(self.random.randint(1, 3))]
        sentences += [self._said(where, AROUND_AN_IDENTIFIER, 10_000) for _ in range(self.random.randint(1, 5))]
        self.random.shuffle(sentences)
        return " ".join(sentences)

    def _label(self, where: Field) -> str:
        if where.name in NATURAL and self.random.random() < 0.6:
            return self._planted(where)
        if self.random.random() < 0.4:
            return self.random.choice(LABELS)
        assert isinstance(where.kind, inspect.StrType)
        return self._said(where, AROUND_A_LABEL, where.kind.max_length or 10_000)

    def _said(self, where: Field, around: tuple[str, ...], longest: int) -> str:
        """Words around an identifier: one of the record's own, or one that its shape or its encoding gives away."""
        plant, said = self._to_say(where)
        text = self.random.choice(around).format(said)
        if len(text) > longest:
            return self.random.choice(LABELS)
        self.plants.append(Plant(where.path, plant.identifier, plant.forbidden, said))
        return text

    def _to_say(self, where: Field) -> tuple[Plant, str]:
        random = self.random
        drawn = random.random()
        if drawn < 0.7 and self.own:
            plant = random.choice(self.own)
            return plant, random.choice(list(_SAID.values()))(plant.identifier.text)
        if drawn < 0.85:
            plant = Plant(where.path, SHAPED[random.choice(list(SHAPED))](random), EVERYWHERE)
            return plant, random.choice(list(_SAID.values()))(plant.identifier.text)
        plant = Plant(where.path, FULL_NAME(random), EVERYWHERE)
        return plant, ENCODINGS[random.choice(ILLEGIBLE)](plant.identifier.text)


def planted_event(random: Random, arrangement: Arrangement) -> tuple[SafetyEvent, list[Plant]]:
    """An event and what was planted in it; under which arrangement it entered is protected as well."""
    planting = Planting(random, arrangement.provider)
    event = planting.event()
    entry = Plant("acceptance.arrangement", Identifier(arrangement.id), EVERYWHERE - {Grade.P0})
    return event, [*planting.plants, entry]
