"""One invented incident: what happened, to whom, and how somebody wrote it down."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.people import Person, as_patient, clinician, patient, phone
from deploy.demo.providers import HERE, NAMES, Provider

FRAMES: dict[str, Any] = tomllib.loads((HERE / "frames.toml").read_text())
FIRST_DAY = date(2024, 7, 1)

# Of a large academic centre's reports 10.8 % were near misses and 11.8 % unsafe conditions; of the NRLS's 68 % did no,
# 25 % low, 6 % moderate harm and 1 % led to severe harm or death.
_REPORT_TYPES = {"incident": 77.4, "near_miss": 10.8, "unsafe_condition": 11.8}
_HARMS = {"none": 68.0, "mild": 25.0, "moderate": 6.0, "severe": 0.7, "death": 0.3}
_FACTORS_GIVEN = 0.215
_SENTENCE_START = re.compile(r"(^|[^A-Z][.!?] )([a-z])")


@dataclass(frozen=True, slots=True)
class Incident:
    """An event in its canonical fields, and the identifiers that were planted in it."""

    event: dict[str, Any]
    category: str
    identifiers: tuple[str, ...]

    @property
    def report_type(self) -> str:
        return str(self.event["report_type"])


@dataclass(frozen=True, slots=True)
class _Scene:
    frame: dict[str, Any]
    setting: str
    report_type: str
    harm: str
    day: date
    person: Person
    nurse: tuple[str, str]
    doctor: tuple[str, str]
    phone: str


def incident(random: Random, provider: Provider, number: int) -> Incident:
    """The provider's incident of this number."""
    scene = _scene(random, provider)
    told = _told(random, scene, provider)
    event = {
        "event_id": f"{provider.short}-{scene.day:%Y}-{number:06d}",
        "report_type": scene.report_type,
        "categories": [scene.frame["category"]],
        "harm": scene.harm,
        "event_date": f"{scene.day}",
        "event_time": told["time"],
        "report_date": f"{scene.day + timedelta(days=random.choice((0, 0, 0, 1, 1, 2, 5)))}",
        "setting": scene.setting,
        "unit": NAMES["units"][scene.setting],
        "facility": {"name": provider.name, "abbreviation": provider.short, **_place(provider)},
        "reporter": _reporter(random, scene),
        "narratives": _narratives(random, scene, told),
    }
    if scene.report_type != "unsafe_condition":
        event["patient"] = as_patient(random, scene.person, provider)
        event["providers"] = [{"given": scene.doctor[0], "family": scene.doctor[1], "role": "Physician"}]
    if random.random() < _FACTORS_GIVEN and "factors" in scene.frame:
        event["contributing_factors"] = [random.choice(scene.frame["factors"])]
    _add_things(random, event, scene, told)
    planted = (*scene.person.identifiers(), scene.nurse[1], scene.doctor[1], scene.phone, provider.name, told["serial"])
    return Incident(event, scene.frame["category"], planted)


def _scene(random: Random, provider: Provider) -> _Scene:
    report_type = _drawn(random, _REPORT_TYPES)
    fitting = _fitting("hazard" if report_type == "unsafe_condition" else "frame", provider)
    if not fitting:
        report_type, fitting = "incident", _fitting("frame", provider)
    frame = random.choices(fitting, weights=[f.get("weight", 1) for f in fitting])[0]
    day = FIRST_DAY + timedelta(days=random.randrange(365))
    return _Scene(
        frame=frame,
        setting=random.choice([setting for setting in frame["settings"] if setting in provider.settings]),
        report_type=report_type,
        harm=_drawn(random, _HARMS) if report_type == "incident" else "not_applicable",
        day=day,
        person=patient(random, provider, day),
        nurse=clinician(random),
        doctor=clinician(random),
        phone=phone(random),
    )


def _drawn(random: Random, weights: dict[str, float]) -> str:
    return random.choices(list(weights), weights=list(weights.values()))[0]


def _fitting(kind: str, provider: Provider) -> list[dict[str, Any]]:
    return [frame for frame in FRAMES[kind] if set(frame["settings"]) & set(provider.settings)]


def _told(random: Random, scene: _Scene, provider: Provider) -> dict[str, str]:
    """What the frames' names in braces stand for."""
    drug, dose, other_dose = random.choice(NAMES["drugs"])
    device, model = random.choice(NAMES["devices"])
    full = f"{scene.person.given} {scene.person.family}"
    return {
        "patient": random.choice((full, scene.person.called, f"pt {scene.person.family}")),
        "age": f"{scene.person.age}",
        "he": "she" if scene.person.female else "he",
        "his": "her" if scene.person.female else "his",
        "mrn": scene.person.mrn,
        "relative": random.choice(NAMES["relatives"]),
        "nurse": random.choice((" ".join(scene.nurse), f"{scene.nurse[0]} {scene.nurse[1][0]}.", f"RN {scene.nurse[1]}")),
        "doctor": scene.doctor[1],
        "phone": scene.phone,
        "unit": NAMES["units"][scene.setting],
        "room": f"room {random.randrange(1, 40)}{random.choice(('', 'A', 'B'))}",
        "day": random.choice((f"{scene.day:%m/%d/%y}", f"{scene.day:%B} {scene.day.day}", f"{scene.day:%Y-%m-%d}")),
        "time": f"{random.randrange(24):02d}:{random.choice((0, 5, 15, 20, 40, 55)):02d}",
        "facility": provider.name,
        "short": provider.short,
        "drug": drug,
        "dose": dose,
        "other_dose": other_dose,
        "device": device,
        "model": model,
        "serial": f"SN-EX-{random.randrange(10**6):06d}",
    }


def _narratives(random: Random, scene: _Scene, told: dict[str, str]) -> list[dict[str, str]]:
    text = random.choice(scene.frame["texts"])
    if scene.report_type == "near_miss":
        text += " " + random.choice(FRAMES["near_misses"])
    if scene.report_type == "incident":
        text += " " + FRAMES["harms"][scene.harm]
    said = [{"kind": "description", "text": _written(text, told)}]
    if random.random() < 0.4:
        said.append({"kind": "immediate_action", "text": _written(random.choice(FRAMES["actions"]), told)})
    return said


def _written(text: str, told: dict[str, str]) -> str:
    return _SENTENCE_START.sub(lambda found: found[1] + found[2].upper(), text.format_map(told))


def _reporter(random: Random, scene: _Scene) -> dict[str, Any]:
    role = random.choice(NAMES["roles"])
    if random.random() < 0.3:
        return {"role": role, "anonymous": True}
    return {"given": scene.nurse[0], "family": scene.nurse[1], "role": role, "phone": scene.phone}


def _place(provider: Provider) -> dict[str, str]:
    town, state, zip_code = provider.place
    return {"city": town, "state": state, "zip_code": zip_code}


def _add_things(random: Random, event: dict[str, Any], scene: _Scene, told: dict[str, str]) -> None:
    if scene.frame["category"] == "medication":
        stage = random.choice(("prescribing", "transcribing", "dispensing", "administering", "monitoring"))
        event["medications"] = [{"generic_name": told["drug"], "dose": told["dose"], "stage": stage}]
    if scene.frame["category"] == "device":
        event["devices"] = [{"kind": told["device"], "model": told["model"], "serial_number": told["serial"]}]
