"""The words that speak for a category, a harm or a report type. Each entry is a regular expression between word ends."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from schemas.taxonomy import Category, Harm, ReportType

Code = TypeVar("Code", Category, Harm, ReportType)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases that speak for one code."""

    pattern: re.Pattern[str]
    marks: tuple[str, ...]
    """What stands in each phrase as it is, in lower case: a text without any of these holds none of them."""


_NOT_AS_IT_IS = re.compile(r"\(\?:[^)]*\)\??|\[[^]]*\]|.\?")


def _mark(phrase: str) -> str:
    """The longest part of a phrase that is no choice and may not be left out."""
    return max(_NOT_AS_IT_IS.split(phrase), key=len)


def _compiled(words: Mapping[Code, Iterable[str]]) -> Mapping[Code, Phrases]:
    return MappingProxyType(
        {
            code: Phrases(re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE), tuple(dict.fromkeys(map(_mark, phrases))))
            for code, phrases in words.items()
        }
    )


HEALTH_IT_DEVICES = re.compile(
    r"\b(?:ehr|emr|electronic health record|cpoe|software|interface|health it|barcode)\b", re.IGNORECASE
)

CATEGORY_WORDS = _compiled(
    {
        Category.BLOOD: ("transfusions?", "transfused", "packed red (?:blood )?cells", "platelets", "blood bank"),
        Category.DEVICE: ("infusion pump", "ventilator alarm", "pump malfunction(?:ed)?", "device malfunction(?:ed)?"),
        Category.HEALTH_IT: ("ehr", "cpoe", "electronic health record", "order entry system", "downtime procedures?"),
        Category.FALL: (
            "unwitnessed fall",
            "witnessed fall",
            "fell (?:from|out of|in|to the|on the|off)",
            "found on (?:the )?floor",
        ),
        Category.HAI: (
            "clabsi",
            "cauti",
            "surgical site infection",
            "hospital[- ]acquired infection",
            "central line infection",
        ),
        Category.MEDICATION: (
            "wrong (?:dose|drug|medication|route)",
            "medication error",
            "missed dose",
            "overdos(?:e|ed)",
            "adverse drug",
        ),
        Category.PERINATAL: ("shoulder dystocia", "postpartum hemorrhage", "neonate", "umbilical cord", "fetal heart"),
        Category.PRESSURE_INJURY: ("pressure (?:injury|injuries|ulcers?|sore)", "deep tissue injury", "decubitus"),
        Category.SURGERY: ("wrong[- ]site", "retained (?:sponge|instrument|foreign object)", "surgical (?:count|time[- ]out)"),
        Category.ANESTHESIA: ("anesthesia", "failed intubation", "malignant hyperthermia", "awareness under"),
        Category.VTE: ("deep vein thrombosis", "dvt", "pulmonary embol(?:us|ism)"),
        Category.DIAGNOSTIC: ("missed diagnosis", "delayed diagnosis", "misdiagnos(?:ed|is)", "critical result not"),
        Category.BEHAVIOR: ("eloped", "elopement", "self[- ]harm", "assaulted", "suicide attempt", "attempted suicide"),
    }
)

HARM_WORDS = _compiled(
    {
        Harm.DEATH: (
            *(f"(?:patient|resident|he|she|infant|neonate|baby) (?:has )?{end}" for end in ("died", "expired", "passed away")),
            "pronounced dead",
            "resulted in (?:the )?(?:patient'?s )?death",
        ),
        Harm.NONE: ("no harm", "no injur(?:y|ies)", "without (?:harm|injury)", "unharmed", "uninjured"),
    }
)

REPORT_TYPE_WORDS = _compiled(
    {
        ReportType.NEAR_MISS: ("near miss", "close call", "good catch", "(?:did not|never) reach(?:ed)? the patient"),
        ReportType.UNSAFE_CONDITION: ("unsafe condition",),
    }
)
