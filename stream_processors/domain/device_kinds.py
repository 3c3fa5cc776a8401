"""The kinds of device that are counted: a closed list, found by the words of a label.

A label is free text. Counted as it is, each spelling would be counted by itself, and a label of somebody's own ("Ann's
pump") would travel with the counts. So an event is counted by a kind of this list or `other`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

OTHER = "other"
UNKNOWN = "unknown"

KINDS: Mapping[str, tuple[str, ...]] = {
    "anesthesia_machine": ("anesthesia machine", "anaesthesia machine", "anesthesia workstation"),
    "bed_or_mattress": ("bed", "mattress", "stretcher", "gurney", "bed rail", "cot"),
    "cardiac_implant": ("pacemaker", "implantable cardioverter defibrillator", "icd", "stent", "heart valve"),
    "catheter_or_line": ("catheter", "central line", "picc", "foley", "arterial line", "iv line", "port"),
    "defibrillator": ("defibrillator", "aed"),
    "dialysis_machine": ("dialysis", "hemodialysis", "crrt", "dialyzer"),
    "drain_or_tube": ("drain", "chest tube", "nasogastric tube", "ng tube", "feeding tube", "peg tube", "wound vac"),
    "electrosurgical_unit": ("electrosurgical", "cautery", "electrocautery", "diathermy", "esu"),
    "endoscope": ("endoscope", "bronchoscope", "colonoscope", "duodenoscope", "gastroscope", "laparoscope"),
    "feeding_pump": ("feeding pump", "enteral pump"),
    "glucose_meter": ("glucometer", "glucose meter", "glucose monitor", "cgm"),
    "health_it": ("ehr", "emr", "cpoe", "electronic health record", "software", "bar code scanner", "barcode scanner"),
    "imaging": ("mri", "ct scanner", "ct", "x ray", "xray", "ultrasound", "fluoroscope", "c arm", "mammography"),
    "incubator_or_warmer": ("incubator", "infant warmer", "radiant warmer", "isolette"),
    "infusion_pump": ("infusion pump", "iv pump", "smart pump", "volumetric pump", "infusion device"),
    "insulin_pump": ("insulin pump",),
    "laboratory_analyzer": ("analyzer", "analyser", "blood gas", "centrifuge"),
    "medication_cabinet": ("dispensing cabinet", "medication cabinet", "automated dispensing"),
    "mobility_aid": ("wheelchair", "walker", "crutches", "cane"),
    "needle_or_syringe": ("needle", "syringe", "lancet", "sharps"),
    "orthopedic_implant": ("hip implant", "knee implant", "prosthesis", "bone screw", "orthopedic plate", "hip prosthesis"),
    "oxygen_delivery": ("oxygen concentrator", "oxygen cylinder", "oxygen tank", "nasal cannula", "oxygen mask"),
    "patient_lift": ("patient lift", "hoist", "sling", "hoyer"),
    "patient_monitor": ("monitor", "telemetry", "pulse oximeter", "oximeter", "ecg", "ekg", "blood pressure cuff"),
    "pca_pump": ("pca", "pca pump", "patient controlled analgesia"),
    "restraint": ("restraint", "restraints"),
    "suction": ("suction",),
    "surgical_instrument": ("scalpel", "forceps", "stapler", "retractor", "surgical instrument", "clamp", "sponge"),
    "surgical_robot": ("robot", "robotic"),
    "syringe_pump": ("syringe pump", "syringe driver"),
    "tracheal_airway": ("endotracheal tube", "et tube", "tracheostomy", "laryngoscope", "laryngeal mask"),
    "ventilator": ("ventilator", "cpap", "bipap", "respirator"),
}

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_KIND_OF = {
    words + plural: kind
    for kind, phrases in KINDS.items()
    for words in (*phrases, kind.replace("_", " "))
    for plural in ("", "s", "es")
}
_KNOWN_WORDS = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_KIND_OF, key=len, reverse=True)))})\b")


@lru_cache(maxsize=4096)  # the same labels come again and again
def device_kind(label: str | None) -> str:
    """The kind that a label names: that of its longest known words; `other` without any, `unknown` without a label."""
    words = _BETWEEN_WORDS.sub(" ", label or "").strip().lower()
    if not words:
        return UNKNOWN
    found = max(_KNOWN_WORDS.findall(words), key=len, default=None)
    return OTHER if found is None else _KIND_OF[found]
