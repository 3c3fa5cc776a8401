"""Incidents as the provider's system writes them: lines of JSON, or rows for the mapping `example-vendor`."""

import csv
import json
from datetime import date
from io import StringIO
from random import Random
from typing import Any

COLUMNS = (
    "Incident #", "Event Type", "Category", "Harm (NCC MERP)", "Event Date/Time", "Entered", "Location Type", "Location",
    "MRN", "Patient Last Name", "Patient First Name", "DOB", "Sex", "Reporter Role", "Anonymous", "Drug", "Dose",
    "Med Stage", "Factors", "Description", "Immediate Action",
)  # fmt: skip
_EVENT_TYPES = {"incident": "Reached patient", "near_miss": "Near miss / good catch", "unsafe_condition": "Hazard"}
_CATEGORIES = {
    "blood": "Blood / Transfusion", "device": "Equipment / Supply", "health_it": "Computer / EHR", "fall": "Fall",
    "hai": "Infection", "medication": "Medication / Fluid", "perinatal": "Maternal / Newborn",
    "pressure_injury": "Skin / Pressure injury", "surgery": "Surgery / Procedure", "anesthesia": "Anesthesia / Sedation",
    "vte": "Clot (VTE)", "diagnostic": "Diagnosis", "behavior": "Behavior / Safety",
}  # fmt: skip
_HARMS = {"none": "C", "mild": "E", "moderate": "F", "severe": "G", "death": "I"}
_LOCATIONS = {
    "emergency_department": "ED", "inpatient_unit": "Ward", "intensive_care": "ICU", "operating_room": "OR",
    "labor_and_delivery": "L&D", "outpatient_clinic": "Clinic", "pharmacy": "Pharmacy", "laboratory": "Lab",
    "imaging": "Imaging",
}  # fmt: skip
_STAGES = {
    "prescribing": "Ordering", "transcribing": "Transcription", "dispensing": "Dispensing",
    "administering": "Administration", "monitoring": "Monitoring",
}  # fmt: skip


def json_line(event: dict[str, Any]) -> str:
    """One event, one line."""
    return json.dumps(event, ensure_ascii=False)


def broken_json_line(random: Random, event: dict[str, Any]) -> str:
    """A line that no reader can take: cut off, with a day that does not exist, or with words for a number."""
    whole = json_line(event)
    return random.choice(
        (
            whole[: random.randrange(20, len(whole) - 2)],
            json_line({**event, "event_date": "2025-02-30"}),
            json_line({**event, "revision": "first"}),
        )
    )


def header() -> str:
    """The first line of a vendor's file."""
    return _joined(list(COLUMNS))


def csv_row(event: dict[str, Any]) -> str:
    """One event, one row."""
    cells = _cells(event)
    return _joined([cells.get(column, "") for column in COLUMNS])


def broken_csv_row(random: Random, event: dict[str, Any]) -> str:
    """A row that no reader can take: cells are missing, or a day does not exist."""
    cells = _cells(event)
    values = [cells.get(column, "") for column in COLUMNS]
    if random.random() < 0.5:
        return _joined(values[: random.randrange(3, 15)])
    values[COLUMNS.index("Event Date/Time")] = "02/30/2025 10:15"
    return _joined(values)


def _joined(cells: list[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _cells(event: dict[str, Any]) -> dict[str, str]:
    near = "A" if event["report_type"] == "unsafe_condition" else "B"
    reporter = event["reporter"]
    said = {narrative["kind"]: narrative["text"] for narrative in event["narratives"]}
    return {
        "Incident #": "/".join(event["event_id"].split("-")[1:]),
        "Event Type": _EVENT_TYPES[event["report_type"]],
        "Category": ";".join(_CATEGORIES[category] for category in event["categories"]),
        "Harm (NCC MERP)": _HARMS.get(event["harm"], near),
        "Event Date/Time": f"{_american(event['event_date'])} {event['event_time']}",
        "Entered": _american(event["report_date"]),
        "Location Type": _LOCATIONS.get(event["setting"], "Other"),
        "Location": event["unit"],
        "Reporter Role": reporter["role"],
        "Anonymous": "Y" if reporter.get("anonymous") else "N",
        "Factors": ";".join(event.get("contributing_factors", ())),
        "Description": said["description"],
        "Immediate Action": said.get("immediate_action", ""),
        **_patient_cells(event.get("patient")),
        **_medication_cells(event.get("medications")),
    }


def _patient_cells(patient: dict[str, Any] | None) -> dict[str, str]:
    if patient is None:
        return {}
    return {
        "MRN": patient["medical_record_number"],
        "Patient Last Name": patient["family"],
        "Patient First Name": patient["given"],
        "DOB": _american(patient["birth_date"]),
        "Sex": {"female": "F", "male": "M"}.get(patient.get("sex", ""), "U"),
    }


def _medication_cells(medications: list[dict[str, str]] | None) -> dict[str, str]:
    if not medications:
        return {}
    (one,) = medications
    return {"Drug": one["generic_name"], "Dose": one["dose"], "Med Stage": _STAGES[one["stage"]]}


def _american(day: str) -> str:
    return f"{date.fromisoformat(day):%m/%d/%Y}"
