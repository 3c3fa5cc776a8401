"""Answers of the form -> the datum of an event; faults -> what to say at which question. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from producers.gateway.answers import LineResult
from producers.gateway.web.questions import BY_IDENT, QUESTIONS, Kind, Question
from schemas.taxonomy import Harm, ReportType

Answers = Mapping[str, list[str]]
"""What was filled in, by the identity of the question."""

SOURCE_FORMAT = "web_form"
_MOST_ANSWERS = 200
_HARM_OF_NOBODY = ("", Harm.NONE, Harm.UNKNOWN, Harm.NOT_APPLICABLE)
_SAID = {
    Kind.NUMBER: "write a whole number.",
    Kind.DATE: "write a date of the calendar, as YYYY-MM-DD.",
    Kind.TIME: "write a time as HH:MM.",
}


def answers_of(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The answers among the posted pairs: other names are left out, blanks around and empty ones dropped."""
    found: dict[str, list[str]] = {}
    for name, text in list(pairs)[:_MOST_ANSWERS]:
        value = text.replace("\r\n", "\n").strip()
        if value and name in BY_IDENT:
            found.setdefault(name, []).append(value)
    return found


def mistakes(answers: Answers) -> dict[str, str]:
    """By question: what must be answered and is not, and answers that contradict each other and would be set aside."""
    said = {
        one.ident: f"{one.label}: this must be answered." for one in QUESTIONS if one.required and not answers.get(one.ident)
    }
    (kind,), (harm,) = (answers.get(ident, [""])[:1] for ident in ("report_type", "harm"))
    if kind == ReportType.INCIDENT and harm == Harm.NOT_APPLICABLE:
        said["harm"] = "How was the patient harmed? An incident reached a patient: choose another answer."
    elif kind and kind != ReportType.INCIDENT and harm not in _HARM_OF_NOBODY:
        said["harm"] = "How was the patient harmed? It reached nobody: choose No harm, or Not applicable."
    (happened,), (discovered,) = (answers.get(ident, [""])[:1] for ident in ("event_date", "discovery_date"))
    if happened and discovered and discovered < happened:
        said["discovery_date"] = "Date on which it was discovered: this is before it happened."
    return said


def datum_of(answers: Answers, number: str, system: str) -> dict[str, Any]:
    """The event as JSON types. `number` is the draft's: the same draft sent twice is one event."""
    datum: dict[str, Any] = {"event_id": f"form-{number}", "source": {"system": system, "format": SOURCE_FORMAT}}
    for question in QUESTIONS:
        given = answers.get(question.ident, [])
        if given:
            _put(datum, question, _value(question, given))
    return datum


def said_of(errors: Iterable[LineResult]) -> dict[str, str]:
    """What is wrong, by question; under the empty name what belongs to none."""
    by_path = {question.path: question for question in QUESTIONS}
    said = {}
    for error in errors:
        question = by_path.get(str(error.path or ""))
        if question is None:
            said[""] = f"The report cannot be taken: {error.hint}."
        else:
            words = _SAID.get(question.kind, f"this cannot be taken: {error.hint}.")
            said[question.ident] = f"{question.label}: {words}"
    return said


def _value(question: Question, given: list[str]) -> Any:
    if question.kind is Kind.MANY:
        return given
    if question.kind is Kind.YES:
        return True
    if question.kind is Kind.NUMBER and given[0].isascii() and given[0].isdigit():
        return int(given[0][:9])
    return given[0]


def _put(datum: dict[str, Any], question: Question, value: Any) -> None:
    if question.path == "narratives[0].text":
        datum.setdefault("narratives", []).insert(0, {"kind": "description", "text": value})
    elif question.path == "immediate_action":
        datum.setdefault("narratives", []).append({"kind": "immediate_action", "text": value})
    elif question.path.startswith("medications[0]."):
        datum.setdefault("medications", [{}])[0][question.path.rpartition(".")[2]] = value
    elif "." in question.path:
        record, _, name = question.path.partition(".")
        datum.setdefault(record, {})[name] = value
    else:
        datum[question.path] = value
