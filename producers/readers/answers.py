"""Answers to named questions as rows for a mapping: what Common Formats and FHIR come to before anything is mapped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from producers.mapping import Mapping as FileMapping
from producers.mapping import Row

UNKNOWN = "UNK"
"""The Common Formats' answer code where the reporter does not know."""
WORDS = "AdditionalInfo"


class Sparse(dict[str, str]):
    """A row in which a column that nobody filled is empty."""

    def __missing__(self, _column: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a code or words in `value`, and what the reporter added to a code such as A66, Other."""

    element: str
    value: str
    words: str = ""


def answer_rows(answers: Iterable[Answer], mapping: FileMapping) -> list[Row]:
    """One row per answer, and at least one; columns are named `DE21` and `DE21 AdditionalInfo`.

    UNK fills nothing where the mapping has no pick-list: nobody is born on UNK. What names the event stands in the first
    row, where a mapping looks for it.
    """
    listed = {rule.column for rule in mapping.rules if rule.lists_values}
    rows = [_row(answer, answer.element in listed) for answer in answers] or [Sparse()]
    if (key := mapping.external_id) is not None:
        rows[0][key] = next((row[key] for row in rows if row[key]), "")
    return list(rows)


def value_rows(columns: Mapping[str, Sequence[str]]) -> list[Row]:
    """Row n holds the value n of every column; there is at least one row."""
    height = max(map(len, columns.values()), default=1)
    return [
        Sparse({name: values[number] for name, values in columns.items() if number < len(values)})
        for number in range(max(1, height))
    ]


def _row(answer: Answer, listed: bool) -> Sparse:
    row = Sparse()
    if listed or answer.value != UNKNOWN:
        row[answer.element] = answer.value
    if answer.words:
        row[f"{answer.element} {WORDS}"] = answer.words
    return row
