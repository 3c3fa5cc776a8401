"""What the form asks: questions in fieldsets, as data. Each question fills one field of the canonical event."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.taxonomy import Category, Harm, MedicationStage, ReportType, Setting, Sex


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    ONE = "one"  # radio buttons
    LIST = "list"  # a list to choose one from
    MANY = "many"  # checkboxes
    YES = "yes"  # one checkbox


@dataclass(frozen=True, slots=True)
class Question:
    """`path` is the field of the event; in lists `narratives[0].text`. `choices`: value and words."""

    path: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False

    @property
    def ident(self) -> str:
        """For HTML's id and name."""
        return self.path.replace(".", "-").replace("[0]", "")


@dataclass(frozen=True, slots=True)
class Section:
    """A fieldset."""

    title: str
    questions: tuple[Question, ...]
    note: str = ""


_HARM_WORDS = {
    Harm.DEATH: "Death",
    Harm.SEVERE: "Severe harm",
    Harm.MODERATE: "Moderate harm",
    Harm.MILD: "Mild harm",
    Harm.NONE: "No harm",
    Harm.UNKNOWN: "Unknown",
    Harm.NOT_APPLICABLE: "Not applicable: nobody was reached",
}
_CATEGORY_WORDS = {Category.HEALTH_IT: "Health IT", Category.HAI: "Healthcare-associated infection", Category.VTE: "VTE"}
_TYPE_WORDS = {
    ReportType.INCIDENT: "Incident: it reached a patient",
    ReportType.NEAR_MISS: "Near miss: it was caught in time",
    ReportType.UNSAFE_CONDITION: "Unsafe condition: it could happen",
}


def _words(kind: type[StrEnum], special: Mapping[Any, str] | None = None) -> tuple[tuple[str, str], ...]:
    return tuple((str(one), (special or {}).get(one, str(one).replace("_", " ").capitalize())) for one in kind)


FORM = (
    Section(
        "What kind of report is it?",
        (
            Question("report_type", "Kind of report", Kind.ONE, choices=_words(ReportType, _TYPE_WORDS), required=True),
            Question("categories", "What was it about?", Kind.MANY, "Tick all that fit.", _words(Category, _CATEGORY_WORDS)),
            Question("harm", "How was the patient harmed?", Kind.LIST, "As far as known now.", _words(Harm, _HARM_WORDS)),
        ),
    ),
    Section(
        "When and where",
        (
            Question("event_date", "Date on which it happened", Kind.DATE),
            Question("event_time", "Time of day", Kind.TIME),
            Question("discovery_date", "Date on which it was discovered", Kind.DATE),
            Question("setting", "Kind of place", Kind.LIST, choices=_words(Setting)),
            Question("unit", "Unit, ward or room", hint="As your people call it."),
        ),
    ),
    Section(
        "What happened",
        (
            Question(
                "narratives[0].text", "In your own words", Kind.LONG, "What happened, and how was it noticed?", required=True
            ),
            Question("immediate_action", "What was done at once?", Kind.LONG),
        ),
    ),
    Section(
        "The patient",
        (
            Question("patient.age_years", "Age in years", Kind.NUMBER),
            Question("patient.sex", "Sex", Kind.LIST, choices=_words(Sex)),
            Question("patient.medical_record_number", "Medical record number"),
        ),
        "Only if a patient was reached. All of it may stay empty.",
    ),
    Section(
        "Medication",
        (
            Question("medications[0].generic_name", "Name of the medication"),
            Question("medications[0].dose", "Dose", hint="As written, for example 5 mg."),
            Question("medications[0].stage", "Where it went wrong", Kind.LIST, choices=_words(MedicationStage)),
        ),
        "Only if one took part.",
    ),
    Section(
        "You",
        (
            Question("reporter.role", "Your role", hint="For example nurse, pharmacist, front desk."),
            Question("reporter.anonymous", "I want to stay anonymous", Kind.YES),
            Question("reporter.given", "Given name", hint="Leave it empty to stay anonymous."),
            Question("reporter.family", "Family name"),
        ),
        "Nobody outside the Patient Safety Organization learns who you are.",
    ),
)

QUESTIONS = tuple(question for section in FORM for question in section.questions)
BY_IDENT = {question.ident: question for question in QUESTIONS}
