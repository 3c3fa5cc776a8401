"""Invented incidents as a gold file: where the names, numbers and dates stand that the demo planted in its narratives.

The frames that the demo filled are read backwards. They are known to those who built the engine and they are few: what is
measured on them says that planted identifiers go, not how the engine does on sentences it has never met.
"""

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from deploy.demo.incidents import FRAMES, Incident, incident
from deploy.demo.providers import NAMES, providers
from tests.benchmarks.deid.scoring import GoldText, Kept, Part

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TITLE = re.compile(r"\b(?:Dr|Mr|Ms|RN|pt)\b", re.IGNORECASE)
_AGES_KEPT = 89


class KnownText(GoldText, frozen=True):
    """A gold text with the record of its event, in the form that `pso deidentify` reads."""

    known: dict[str, Any] = {}  # noqa: RUF012 - msgspec copies it


def demo_texts(count: int, seed: int = 1) -> list[KnownText]:
    """So many narratives, of incidents of all invented providers."""
    random = Random(f"gold {seed}")
    everybody = providers(seed)
    shares = [provider.share for provider in everybody]
    texts: list[KnownText] = []
    while len(texts) < count:
        texts += gold_of(incident(random, random.choices(everybody, weights=shares)[0], len(texts)))
    return texts[:count]


def gold_of(invented: Incident) -> Iterator[KnownText]:
    """The narratives of an incident. ValueError where a planted identifier stands outside of what is marked."""
    for narrative in invented.event["narratives"]:
        name = f"{invented.event['event_id']}-{narrative['kind']}"
        gold = _marked(name, narrative["text"], invented)
        left = "".join("\0" if _inside(place, gold.spans) else sign for place, sign in enumerate(gold.text))
        if any(planted in left for planted in invented.identifiers):
            raise ValueError(f"{name}: a planted identifier is not marked")
        yield gold


def _inside(place: int, parts: tuple[Part, ...]) -> bool:
    return any(part.start <= place < part.end for part in parts)


def _marked(name: str, text: str, invented: Incident) -> KnownText:
    matches = (pattern.fullmatch(text) for pattern in _patterns(invented.category))
    match = next((match for match in matches if match), None)
    if match is None:
        raise ValueError(f"{name}: of no frame of its category")
    spans: list[Part] = []
    keep: list[Kept] = []
    neutral = [Part(*title.span()) for title in _TITLE.finditer(text)]
    for group, value in match.groupdict().items():
        if value is not None:
            start, end = match.span(group)
            _sort(group.rstrip("0123456789").rstrip("_"), Part(start, end), value, (spans, keep, neutral))
    return KnownText(name, text, _in_order(spans), tuple(keep), _in_order(neutral), _record(invented.event))


def _in_order(parts: list[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.start))


def _sort(kind: str, part: Part, value: str, into: tuple[list[Part], list[Kept], list[Part]]) -> None:
    spans, keep, neutral = into
    if kind in _IDENTIFIERS:
        spans.append(Part(part.start, part.end, _IDENTIFIERS[kind]))
    elif kind in _CLINICAL:
        keep.append(Kept(part.start, part.end, _CLINICAL[kind]))
    elif kind == "age" and int(value) > _AGES_KEPT:
        spans.append(Part(part.start, part.end, "AGE"))
    else:
        neutral.append(part)


_IDENTIFIERS = {
    "patient": "NAME",
    "nurse": "NAME",
    "doctor": "NAME",
    "mrn": "MRN",
    "phone": "PHONE",
    "day": "DATE",
    "facility": "FACILITY",
    "short": "FACILITY",
    "serial": "DEVICE",
}
_CLINICAL = {"drug": "drug", "dose": "dose", "other_dose": "dose", "device": "device", "model": "device"}


@cache
def _patterns(category: str) -> list[re.Pattern[str]]:
    frames = [frame for frame in (*FRAMES["frame"], *FRAMES["hazard"]) if frame["category"] == category]
    texts = [text for frame in frames for text in frame["texts"]]
    tails = ["", *(f" {tail}" for tail in (*FRAMES["near_misses"], *FRAMES["harms"].values()))]
    told = [text + tail for text in texts for tail in tails] + FRAMES["actions"]
    return [_backwards(frame) for frame in told]


def _backwards(frame: str) -> re.Pattern[str]:
    """The pattern of what was written from a frame. Case is left open: a sentence begins with a capital."""
    parts = _PLACEHOLDER.split(frame)
    literals, names = parts[::2], parts[1::2]
    pattern = re.escape(literals[0])
    for number, (name, literal) in enumerate(zip(names, literals[1:], strict=True)):
        pattern += _value(name, number) + re.escape(literal)
    return re.compile(pattern, re.IGNORECASE)


def _value(name: str, number: int) -> str:
    """What may stand for a placeholder, as a named group. A title before a name is no part of it."""
    group = f"?P<{name}_{number}>"
    given, family = _any([*NAMES["given_female"], *NAMES["given_male"]]), _any(NAMES["family"])
    written = {
        "patient": rf"(?:(?:Ms\.|Mr\.|pt) )?({group}(?:{given} )?{family})",
        "nurse": rf"(?:RN )?({group}{given} {family}|{given} [A-Z](?=\.)|{family})\.??",
        "doctor": f"({group}{family})",
        "age": rf"({group}\d+)",
        "mrn": rf"({group}MRN\d{{7}})",
        "phone": rf"({group}\d{{3}}-555-01\d\d)",
        "day": rf"({group}\d\d/\d\d/\d\d|\d{{4}}-\d\d-\d\d|[A-Z][a-z]+ \d{{1,2}})",
        "time": rf"({group}\d\d:\d\d)",
        "room": rf"({group}room \d+[AB]?)",
        "serial": rf"({group}SN-EX-\d{{6}})",
        "drug": f"({group}{_any([drug for drug, *_ in NAMES['drugs']])})",
        "dose": f"({group}{_any([dose for _, dose, _ in NAMES['drugs']])})",
        "other_dose": f"({group}{_any([dose for *_, dose in NAMES['drugs']])})",
        "device": f"({group}{_any([device for device, _ in NAMES['devices']])})",
        "model": f"({group}{_any([model for _, model in NAMES['devices']])})",
        "unit": f"({group}{_any(list(NAMES['units'].values()))})",
        "facility": f"({group}{_any([provider['name'] for provider in NAMES['provider']])})",
        "short": f"({group}{_any([provider['short'] for provider in NAMES['provider']])})",
    }
    return written.get(name, "[a-z ]+?")


def _any(values: list[str]) -> str:
    return f"(?:{'|'.join(re.escape(value) for value in sorted(values, key=len, reverse=True))})"


_PATIENT = {
    "given": "given",
    "family": "family",
    "birth_date": "dob",
    "medical_record_number": "mrn",
    "social_security_number": "ssn",
    "phone": "phone",
    "email": "email",
    "street": "street",
    "city": "city",
    "state": "state",
    "zip_code": "zip",
}


def _record(event: dict[str, Any]) -> dict[str, Any]:
    patient = event.get("patient", {})
    reporter = event["reporter"]
    return {
        "patient": {there: patient[here] for here, there in _PATIENT.items() if here in patient},
        "facility": {"name": event["facility"]["name"], "abbrev": event["facility"]["abbreviation"]},
        "event_date": event["event_date"],
        "reporter": {name: reporter[name] for name in ("given", "family") if name in reporter},
        "providers": [{"given": one["given"], "family": one["family"]} for one in event.get("providers", ())],
    }
