"""Four layouts that the suggester's rules were tried on while they were written."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.support.exports.truth import Truth

Written = dict[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """A vendor's export. `harm`: what the harm of each level must become, where the scale can say it."""

    name: str
    write: Callable[[Sequence[Truth]], bytes]
    harm: dict[str, str]
    fields: frozenset[str]
    """Of event_date, harm, category, report_type, narrative, external_id, medication: what the export holds."""
    unharmed: str | None = None
    """The harm of a near miss or an unsafe condition, where the scale has a value of its own for them."""
    always_a_drug: str = ""

    def harm_of(self, truth: Truth) -> str:
        """The canonical harm that this export can say."""
        unharmed = self.unharmed if truth.report_type != "incident" else None
        return unharmed or self.harm[truth.harm]

    def drug_of(self, truth: Truth) -> str:
        """The drug that this export names."""
        return truth.drug or self.always_a_drug


def table(rows: Iterable[Written], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as a file, with a header."""
    found = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue().encode(encoding)


_ALL = frozenset({"event_date", "harm", "category", "report_type", "narrative", "external_id", "medication"})
SAME = {"none": "none", "mild": "mild", "moderate": "moderate", "severe": "severe", "death": "death"}
_TYPES_DE = {"incident": "Zwischenfall", "near_miss": "Beinahe-Ereignis", "unsafe_condition": "Gefahrenstelle"}
_CATEGORIES_DE = {
    "fall": "Sturz", "medication": "Medikation", "device": "Medizingerät", "pressure_injury": "Dekubitus",
    "surgery": "Chirurgie / OP", "blood": "Bluttransfusion", "behavior": "Aggression/Gewalt",
}  # fmt: skip
_HARMS_DE = {
    "none": "kein Schaden",
    "mild": "leichter Schaden",
    "moderate": "mittlerer Schaden",
    "severe": "schwerer Schaden",
    "death": "Tod",
}


def german(events: Sequence[Truth]) -> bytes:
    """Semicolons, decimal commas, days first, umlauts."""
    return table(
        (
            {
                "Vorgangs-Nr.": one.number, "Ereignisdatum": f"{one.when:%d.%m.%Y %H:%M}",
                "Meldedatum": f"{one.reported:%d.%m.%Y}", "Meldungsart": _TYPES_DE[one.report_type],
                "Kategorie": _CATEGORIES_DE[one.category], "Schadensgrad": _HARMS_DE[one.harm], "Station": "6 Nord",
                "Nachname": one.family, "Vorname": one.given, "Geburtsdatum": f"{one.born:%d.%m.%Y}",
                "Geschlecht": {"male": "m", "female": "w"}[one.sex], "Medikament": one.drug,
                "Dosis": "2,5 mg" if one.drug else "", "Beschreibung": one.story, "Sofortmaßnahmen": "Arzt wurde verständigt.",
            }
            for one in events
        ),
        ";",
    )  # fmt: skip


def american(events: Sequence[Truth]) -> bytes:
    """Month first, twelve hours, camel-case names, codes with their labels in one cell."""
    codes = {
        "fall": "FAL01 - Patient Fall", "medication": "MED02 - Medication Error", "device": "EQP03 - Equipment Failure",
        "pressure_injury": "SKN04 - Skin Integrity", "surgery": "SUR05 - Surgical Event", "blood": "TRX06 - Transfusion",
        "behavior": "BEH07 - Aggression",
    }  # fmt: skip
    levels = {
        "none": "0 - No Harm", "mild": "1 - Mild Harm", "moderate": "2 - Moderate Harm", "severe": "3 - Severe Harm",
        "death": "4 - Death",
    }  # fmt: skip
    types = {"incident": "Actual Event", "near_miss": "Near Miss", "unsafe_condition": "Unsafe Condition"}
    return table(
        {
            "FileID": one.number.replace("-", ""), "EventDtTm": f"{one.when:%m/%d/%Y %I:%M %p}",
            "EnteredDt": f"{one.reported:%m/%d/%Y}", "ReportType": types[one.report_type],
            "GeneralEventType": codes[one.category], "SeverityLevel": levels[one.harm], "PtLastName": one.family,
            "PtFirstName": one.given, "PtMRN": f"0{one.number[-5:]}", "PtDOB": f"{one.born:%m/%d/%Y}",
            "PtSex": one.sex[0].upper(), "Dept": "4 West", "DrugName": one.drug, "BriefDesc": one.story,
        }
        for one in events
    )  # fmt: skip


def national(events: Sequence[Truth]) -> bytes:
    """Field codes of the NRLS in the names; its words for harm; tabs; one row per event."""
    levels = {"none": "No harm", "mild": "Low", "moderate": "Moderate", "severe": "Severe", "death": "Death"}
    kinds = {
        "fall": "Slips, trips, falls", "medication": "Medication", "device": "Medical device / equipment",
        "pressure_injury": "Pressure ulcer", "surgery": "Surgical procedure", "blood": "Transfusion of blood products",
        "behavior": "Disruptive, aggressive behaviour",
    }  # fmt: skip
    return table(
        (
            {
                "RefNo": one.number, "IN01 Date of incident": f"{one.when:%d/%m/%Y}",
                "IN05 Incident category": kinds[one.category],
                "IN07 Description of what happened": one.story, "IN10 Actions": "Reviewed by the ward.",
                "PD09 Degree of harm": levels[one.harm], "MD01 Drug name": one.drug, "PD02 Sex": one.sex.title(),
            }
            for one in events
        ),
        "\t",
        "utf-8-sig",
    )  # fmt: skip


def pharmacy(events: Sequence[Truth]) -> bytes:
    """Medication errors with letters of the NCC MERP index."""
    letters = {"none": "C", "mild": "E", "moderate": "F", "severe": "G", "death": "I"}
    kinds = {"near_miss": "B", "unsafe_condition": "A"}
    return table(
        {
            "Error ID": f"RX{one.number}", "Date of Error": f"{one.when:%Y-%m-%d}", "Medication": one.drug or "aspirin",
            "NCC MERP": kinds.get(one.report_type, letters[one.harm]), "Node": "Dispensing", "Error Type": "Wrong dose",
            "Dose": "1,000 units", "Narrative": one.story, "Route": "IV",
        }
        for one in events
    )  # fmt: skip


LAYOUTS = (
    Layout("german", german, SAME, _ALL),
    Layout("american", american, SAME, _ALL),
    Layout(
        "national", national, {**SAME, "none": "unknown", "mild": "unknown", "moderate": "unknown"},  # NRLS words are wider
        _ALL - {"report_type"},
    ),
    Layout(
        "pharmacy", pharmacy, {**SAME, "mild": "unknown", "moderate": "unknown", "severe": "unknown"},  # so are E, F and G
        _ALL - {"category"}, "not_applicable", "aspirin",
    ),
)  # fmt: skip
