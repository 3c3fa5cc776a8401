"""A match as the lines of a mapping file: keys, values, and the questions that only a person can answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from producers.suggesting.column import Column
from producers.suggesting.layout import Layout
from producers.suggesting.matching import SURE, Match, matches
from producers.suggesting.picklists import Picked

_OTHERWISE = {
    "harm": "unknown", "categories[]": "other", "setting": "other", "medications[].stage": "unknown", "patient.sex": "unknown",
    "medications[].route_actual": "other", "medications[].incorrect_actions[]": "other",
}  # fmt: skip
_ROWS_THAT_MAY_FAIL = 0.02


@dataclass(slots=True)
class Proposal:
    """One [[field]]. With a `question` it stands in the file as a comment until somebody has answered."""

    to: str
    column: str
    score: float
    evidence: str
    keys: dict[str, object] = field(default_factory=dict)
    values: dict[str, object] | None = None
    remarks: list[str] = field(default_factory=list)
    question: str = ""
    where: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Suggestion:
    """A whole mapping file, before it is text."""

    layout: Layout
    proposals: list[Proposal]
    external_id: str | None
    narratives: list[str]
    """The kinds of the narratives, by their places."""
    unused: list[str]


def suggestion(layout: Layout) -> Suggestion:
    """What is proposed for the columns of a sample."""
    found = matches(layout)
    external = next((match for match in found if match.target.to == "external_id"), None)
    fields = [match for match in found if match is not external]
    taken = {match.target.to for match in fields}
    proposals = [one for match in _numbered(fields) for one in _proposals(match[0], match[1], taken)]
    used: set[str | None] = {layout.key, layout.questions, *(proposal.column for proposal in proposals)}
    used |= {external.column.column} if external else set()
    left = [column for column in layout.columns if _is_left(column, found, used)]
    proposals += [_date_to_ask_about(column) for column in left if column.dates.share > 0.5]
    unused = [column.label for column in left if column.dates.share <= 0.5]
    kinds = [match.target.to.removeprefix("narratives.") for match in fields if match.target.kind == "text"]
    return Suggestion(layout, proposals, external.column.column if external else None, kinds, unused)


def _date_to_ask_about(column: Column) -> Proposal:
    """A date that no name explains, as `Timestamp` in the answers of a form, may be the day of the event or of the report."""
    question = "which date is this: event_date, discovery_date or report_date?"
    proposal = Proposal("report_date", column.column, 0.5, "dates under a name that says nothing", question=question)
    proposal.keys["date"] = column.dates.formats
    proposal.where = dict(column.where)
    return proposal


def _is_left(column: Column, found: list[Match], used: set[str | None]) -> bool:
    if column.where:
        return all(match.column is not column for match in found)
    return column.column not in used


def _numbered(found: list[Match]) -> Iterator[tuple[Match, str]]:
    """Narratives get places of their own; lists are numbered unless several rows make one event."""
    place = 0
    lists = {_list_of(match) for match in found if match.column.varies and not match.column.where}
    for match in found:
        to = match.target.to
        if to.startswith("narratives."):
            to = f"narratives[{place}].text"
            place += 1
        elif "[]." in to and _list_of(match) not in lists:
            to = to.replace("[].", "[0].", 1)
        yield match, to


def _list_of(match: Match) -> str:
    """`medications` of `medications[].dose`: where one of its columns differs between rows, each row is an entry."""
    return match.target.to.partition("[].")[0]


def _proposals(match: Match, to: str, taken: set[str]) -> Iterator[Proposal]:
    column = match.column
    proposal = Proposal(to, column.column, match.score, match.evidence, where=dict(column.where))
    if match.score < SURE:
        proposal.question = "is this column meant?"
    _combine(proposal, column)
    kind = match.target.kind
    if match.picked is not None:
        yield from _of_values(proposal, match.picked, match.target.to, taken)
    elif kind == "date":
        yield from _of_dates(proposal, column, taken)
    elif kind == "time":
        proposal.keys["time"] = column.times[1]
        _allow(proposal, column.times[0])
        yield proposal
    elif to.endswith(".name") and kind == "person":
        yield from _of_whole_names(proposal, column)
    else:
        _of_cells(proposal, column, kind)
        yield proposal


def _combine(proposal: Proposal, column: Column) -> None:
    if not column.varies or "[]" in proposal.to:
        return
    if proposal.to.endswith(".text"):
        proposal.keys["combine"] = "join"
    else:
        proposal.keys["combine"] = "first"
        proposal.remarks.append("rows of one event differ here: the first one is taken; is that right?")


def _of_values(proposal: Proposal, found: Picked, target: str, taken: set[str]) -> Iterator[Proposal]:
    for key in ("after", "before", "split"):
        if value := getattr(found, key):
            proposal.keys[key] = value
    otherwise = _OTHERWISE.get(target)
    if found.doubt:
        proposal.question = f"{found.doubt}: take one and delete this line"
        proposal.remarks.append("a scale read from the wrong end turns deaths into no harm: it is never guessed")
    if found.crosswalk:
        proposal.keys |= {"crosswalk": found.crosswalk, "otherwise": otherwise or "unknown"}
        yield proposal
        yield from _beside_a_scale(proposal, found, taken)
        return
    proposal.values = {value: _typed(target, code) for value, code in found.values.items()}
    proposal.keys["ignore_case"] = True
    _of_unknown_values(proposal, found, otherwise)
    yield proposal
    if target == "harm":
        proposal.remarks.append("? do these words mean the harm that is left after rescue (AHRQ V1.2)")
        same = {key: value for key, value in proposal.keys.items() if key in ("after", "before", "combine")}
        yield _harm_words(proposal, "harm_original", same)
        yield _harm_words(proposal, "harm_scale", {**same, "otherwise": "other", "keep_original": False})


def _harm_words(harm: Proposal, to: str, keys: dict[str, object]) -> Proposal:
    values: dict[str, object] | None = {} if to == "harm_scale" else None
    return Proposal(to, harm.column, harm.score, "goes with harm", keys, values, question=harm.question, where=harm.where)


def _typed(target: str, code: str) -> object:
    return code == "true" if target == "reporter.anonymous" else code


def _of_unknown_values(proposal: Proposal, found: Picked, otherwise: str | None) -> None:
    for value, count in found.unknown:
        proposal.remarks.append(f"? which code is {value!r} ({count} rows)")
    values, rows = found.hidden
    if values:
        proposal.remarks.append(f"{values} more values in {rows} rows are rare or could name somebody: they are not shown")
    if otherwise is not None:
        proposal.keys["otherwise"] = otherwise
    elif proposal.to == "report_type":
        if found.unknown or values:
            proposal.keys["otherwise"] = "incident"
            proposal.remarks.append("? every other value is taken for an incident; is that right?")
    else:
        proposal.keys["otherwise"] = ""


def _beside_a_scale(harm: Proposal, found: Picked, taken: set[str]) -> Iterator[Proposal]:
    """The index also says what is reported: A could have caused an error, B did not reach the patient."""
    if harm.question and harm.to == "harm":  # the words are kept while the question is open
        same = {key: value for key, value in harm.keys.items() if key in ("after", "before", "combine")}
        words = _harm_words(harm, "harm_original", same)
        scale = _harm_words(harm, "harm_scale", {**same, "otherwise": "other", "keep_original": False})
        words.question = scale.question = ""
        words.remarks = scale.remarks = ["only until the scale is known: a `crosswalk` fills this itself"]
        yield words
        yield scale
    if found.crosswalk == "harm/ncc_merp" and "report_type" not in taken and not harm.question:
        keys = {key: value for key, value in harm.keys.items() if key in ("after", "before", "combine")}
        told = "the letter: A is an unsafe condition, B a near miss"
        values: dict[str, object] = {}
        for prefix in ("", "Category "):
            values |= {f"{prefix}A": "unsafe_condition", f"{prefix}B": "near_miss"}
        yield Proposal("report_type", harm.column, harm.score, told, {**keys, "ignore_case": True, "otherwise": "incident",
                       "keep_original": False}, values, where=harm.where)  # fmt: skip


def _of_dates(proposal: Proposal, column: Column, taken: set[str]) -> Iterator[Proposal]:
    dates = column.dates
    proposal.keys["date"] = dates.formats
    if dates.two_digit_years and proposal.to == "patient.birth_date":
        proposal.question = "years of two digits: have the system export four (%Y)"
    elif dates.two_digit_years:
        proposal.remarks.append("years of two digits are read as 1969 to 2068")
    elif dates.alternatives:
        proposal.question = f"{dates.proof}: is it {dates.formats[0]} or {dates.alternatives[0]}?"
    _allow(proposal, dates.share)
    yield proposal
    if proposal.to == "event_date" and dates.clocks and "event_time" not in taken:
        same = {key: value for key, value in proposal.keys.items() if key == "combine"}
        keys = {**same, "time": dates.clocks, "otherwise": "", "keep_original": False}
        yield Proposal(
            "event_time", column.column, proposal.score, "the same cells hold a time of day", keys,
            question=proposal.question, where=proposal.where,
        )  # fmt: skip


def _allow(proposal: Proposal, share: float) -> None:
    """A few wrong cells are faults to be mended; many are a habit, and the event goes out without this field."""
    if 1 - share > _ROWS_THAT_MAY_FAIL:
        proposal.keys["otherwise"] = ""
        proposal.remarks.append(f"{1 - share:.0%} of the cells are written otherwise and leave the field empty")


def _of_whole_names(proposal: Proposal, column: Column) -> Iterator[Proposal]:
    """`Doe, Jane` is taken apart; other names stay whole in the family name, which is protected as much."""
    person = proposal.to.removesuffix(".name")
    proposal.to = f"{person}.family"
    commas = sum(count for text, count in column.counts.items() if "," in text)
    if commas >= 0.9 * len(column.cells):
        proposal.keys["before"] = ","
        yield proposal
        yield Proposal(
            f"{person}.given", column.column, proposal.score, "behind the comma", {"after": ","},
            question=proposal.question, where=proposal.where,
        )  # fmt: skip
    else:
        yield proposal


def _of_cells(proposal: Proposal, column: Column, kind: str) -> None:
    if kind == "list" and column.list_separator:
        proposal.keys["split"] = column.list_separator
    if kind == "age":
        if column.units:
            proposal.keys["units"] = {unit: _unit_size(unit) for unit in column.units}
        if column.ages < 1:
            proposal.keys["otherwise"] = ""
            proposal.remarks.append("cells that are no age leave the field empty")
    if proposal.to.endswith(".dose") and column.decimals:
        proposal.keys["decimal"] = ","
        proposal.remarks.append("decimal commas: digits other than three stand behind one")


def _unit_size(unit: str) -> int:
    sizes: Iterable[tuple[str, int]] = (("mo", 12), ("w", 52), ("d", 365))
    return next((size for start, size in sizes if unit.casefold().startswith(start)), 1)
