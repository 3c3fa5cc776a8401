"""A suggestion as the text of a mapping file, complete as it stands: what is uncertain is a comment that asks."""

import json
from collections.abc import Iterable, Iterator

from producers.suggesting.proposal import Proposal, Suggestion
from producers.tables import TableSample

_MANY = 4


def rendered(suggestion: Suggestion, sample: TableSample, name: str) -> str:
    """The file. Lines that begin with `#?` ask: answer them by taking the mark away, or delete them."""
    lines = [*_head(suggestion, sample, name), *_presets(suggestion)]
    for proposal in suggestion.proposals:
        lines += ["", *_table(proposal)]
    if suggestion.unused:
        lines += ["", "# Columns that nothing was found for:", *(f"#?   {_quoted(label)}" for label in suggestion.unused)]
    for label in sample.repeated:
        lines.append(f"#?   {_quoted(label)}: two columns have this name, or it is empty; rename them to use them")
    return "\n".join(lines) + "\n"


def _head(suggestion: Suggestion, sample: TableSample, name: str) -> Iterator[str]:
    part = "all" if sample.whole else "the first"
    yield f"# Proposed from {part} {sample.rows} rows. Scores go from 0 to 1. Lines that begin with `#?` are questions:"
    yield "# answer one by taking `#?` away, or delete it. Then: map test, check, send."
    yield f"name = {_quoted(name)}"
    yield "version = 1"
    if sample.delimiter:
        yield f"delimiter = {_quoted(sample.delimiter)}"
    if suggestion.layout.key is not None:
        yield f"group_by = {_quoted(suggestion.layout.key)}"
    if suggestion.external_id is not None:
        yield f"external_id = {_quoted(suggestion.external_id)}"
    else:
        yield '#? external_id = "..."    # which column names the event? Without it equal rows are one event'
    yield ""


def _presets(suggestion: Suggestion) -> Iterator[str]:
    filled = {proposal.to for proposal in suggestion.proposals if not proposal.question}
    yield "[defaults]"
    if "report_type" not in filled:
        yield "#? no column says what is reported: is every row an incident that reached a patient?"
    yield 'report_type = "incident"'
    for place, kind in enumerate(suggestion.narratives):
        yield f'"narratives[{place}].kind" = "{kind}"'


def _table(proposal: Proposal) -> Iterator[str]:
    mark = "#? " if proposal.question else ""
    yield f"# {proposal.score:.2f}: {_plain(proposal.evidence)}"
    if proposal.question:
        yield f"#? {_plain(proposal.question)}"
    for remark in proposal.remarks:
        yield f"#{'' if remark.startswith('?') else ' '}{_plain(remark)}"
    yield f"{mark}[[field]]"
    yield f"{mark}to = {_quoted(proposal.to)}"
    yield f"{mark}column = {_quoted(proposal.column)}"
    if proposal.where:
        yield f"{mark}where = {_inline(proposal.where)}"
    for key, value in proposal.keys.items():
        yield f"{mark}{key} = {_inline(value)}"
    yield from (mark + line for line in _values(proposal.values))


def _values(values: dict[str, object] | None) -> Iterable[str]:
    if values is None:
        return ()
    if len(values) <= _MANY:
        return (f"values = {_inline(values)}",)
    return ("[field.values]", *(f"{_quoted(value)} = {_inline(code)}" for value, code in values.items()))


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_quoted(key)} = {_inline(inner)}" for key, inner in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return _inline(value[0]) if len(value) == 1 else "[" + ", ".join(_inline(one) for one in value) + "]"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
