"""Which version of a contract decides about a record: that of its time of entry, in every replay."""

from collections.abc import Sequence

import pytest

from schemas.grades import Grade
from schemas.records import ArrangementActivated
from schemas.restrictions import Passing
from schemas.taxonomy import Action
from schemas.topics import submitted
from stream_processors.domain.arrangements import Arrangements, InvalidArrangements, parse_arrangements
from stream_processors.domain.contract.activation import LEAD, Activation, activated, contradictions, milliseconds
from stream_processors.domain.contract.compiling import compiled
from stream_processors.domain.contract.reading import InvalidDocument, parse_document
from stream_processors.domain.rejection import Reason, Rejected
from stream_processors.domain.validation import validate as accept
from stream_processors.processors.validate import validate
from stream_processors.shapes import Given
from tests.support.builders import ARRANGEMENTS_FILE, arrangements, safety_event
from tests.support.documents import NARROW, WIDE

ENTRY = submitted("arr-7k2q")
NOBODY = Arrangements({})


def activation(text: str, taken_at: int, effective_at: str = "2020-01-01T00:00:00Z") -> Activation:
    """An activation that the broker took at a time, in milliseconds."""
    version = int(text.partition("version = ")[2].partition("\n")[0])
    record = ArrangementActivated(
        arrangement="arr-7k2q",
        policy_version=version,
        provider="prv-8f3k2m",
        effective_at=effective_at,
        document=text,
        activated_by="staff 17",
        reason="contract signed",
    )
    return Activation(record, taken_at)


NOON = milliseconds("2026-01-01T12:00:00Z")
FIRST = activation(WIDE, NOON)
SECOND = activation(NARROW, NOON, "2026-07-01T00:00:00Z")


def version_at(found: Arrangements, at: int | None) -> int:
    return found.in_force(ENTRY, at).policy_version


def test_a_version_decides_about_what_enters_after_it_took_effect_and_about_nothing_before() -> None:
    found = activated(NOBODY, [FIRST, SECOND])
    with pytest.raises(Rejected) as refused:
        version_at(found, NOON + LEAD - 1)
    assert refused.value.reason is Reason.ARRANGEMENT_NOT_IN_FORCE
    assert version_at(found, NOON + LEAD) == 3
    summer = milliseconds("2026-07-01T00:00:00Z")
    assert (version_at(found, summer - 1), version_at(found, summer)) == (3, 4)
    assert version_at(found, None) == 4


def test_whoever_says_it_shall_hold_at_once_or_since_yesterday_waits_all_the_same() -> None:
    assert FIRST.effective_at == NOON + LEAD


def test_the_file_holds_from_the_beginning_and_until_something_is_activated() -> None:
    found = activated(arrangements(), [activation(NARROW, NOON)])
    assert (version_at(found, 0), version_at(found, NOON), version_at(found, NOON + LEAD)) == (3, 3, 4)
    assert found.ids == arrangements().ids


def test_a_table_of_the_file_that_was_raised_above_what_was_activated_would_rewrite_the_past() -> None:
    raised = parse_arrangements(ARRANGEMENTS_FILE.read_text().replace("policy_version = 3", "policy_version = 4"))
    with pytest.raises(InvalidArrangements, match="activate it instead"):
        activated(raised, [activation(NARROW, NOON)])


def test_the_first_of_two_that_claim_one_version_counts_in_whatever_order_they_are_read() -> None:
    later = activation(WIDE.replace('"nonidentified"', '"none"'), NOON + 1)
    for order in ((FIRST, later), (later, FIRST)):
        assert activated(NOBODY, order) == activated(NOBODY, [FIRST])


def test_versions_are_the_same_in_whatever_order_they_are_read() -> None:
    assert activated(NOBODY, [SECOND, FIRST]).versions.keys() == activated(NOBODY, [FIRST, SECOND]).versions.keys()
    for at in (NOON + LEAD, SECOND.effective_at, None):
        assert version_at(activated(NOBODY, [SECOND, FIRST]), at) == version_at(activated(NOBODY, [FIRST, SECOND]), at)


def passing(found: Arrangements, grade: Grade) -> Passing:
    return {one.grade: one.passes for one in found.in_force(ENTRY, None).restrictions}.get(grade, Passing.EVENT)


def test_a_grade_that_was_open_once_can_be_taken_back_from_and_one_that_never_was_hears_nothing() -> None:
    closed = NARROW.replace("version = 4", "version = 5")
    opened_p2 = activated(NOBODY, [FIRST, SECOND, activation(closed, NOON + 2)])
    assert (passing(opened_p2, Grade.P1), passing(opened_p2, Grade.P2)) == (Passing.EVENT, Passing.WITHDRAWAL)
    never = activated(NOBODY, [activation(NARROW, NOON), activation(closed, NOON + 2)])
    assert passing(never, Grade.P2) is Passing.NOTHING


def test_of_a_first_report_there_is_nothing_to_take_back() -> None:
    policy = activated(NOBODY, [FIRST, SECOND]).by_topic[ENTRY.name]

    def p2(**changes: object) -> Passing:
        event = safety_event(pses_entered_at="2024-05-17T14:03:00Z", **changes)
        return {one.grade: one.passes for one in accept(event, policy).acceptance.restrictions}[Grade.P2]

    assert p2() is Passing.NOTHING
    assert p2(revision=2) is p2(action=Action.WITHDRAW) is p2(revision=2, action=Action.CORRECT) is Passing.WITHDRAWAL


@pytest.mark.parametrize(
    ("text", "words", "remark"),
    [
        (NARROW.replace("prv-8f3k2m", "prv-else"), "one provider for ever", "the contract goes to somebody else"),
        (NARROW.replace("version = 4", "version = 4\ntest = true"), "never changes", "a real contract becomes a test"),
        (NARROW.replace("prv-8f3k2m", "prv-t5w9aa").replace("arr-7k2q", "arr-new"), "arr-c41x already", "a second contract"),
    ],
)
def test_what_contradicts_an_arrangement_that_is_there_is_in_force_nowhere(text: str, words: str, remark: str) -> None:
    (fault,) = contradictions(compiled(parse_document(text)), arrangements().by_topic)
    assert words in str(fault), remark
    assert activated(arrangements(), [activation(text, NOON)]) == activated(arrangements(), [])


def test_under_what_was_lawful_once_and_is_no_more_nothing_leaves() -> None:
    widened = NARROW.replace("threshold = 20", "threshold = 2")
    policy = activated(NOBODY, [activation(widened, NOON)]).by_topic[ENTRY.name]
    assert {one.passes for one in policy.restrictions} == {Passing.NOTHING}
    assert policy.withheld == ("patient.race",), "what comes in is as it was agreed"


def test_what_cannot_be_read_may_close_what_is_open_here_so_nobody_goes_on() -> None:
    with pytest.raises(InvalidDocument):
        activated(NOBODY, [FIRST, activation("version = 4\n", NOON)])


class Followed:
    """A register that learns of a version while it is asked."""

    def __init__(self, *activations: Activation) -> None:
        self.arrangements = activated(arrangements(), activations)

    def knows(self, until: int) -> bool:
        return until < NOON


def versions_of(register: Followed, times: Sequence[int]) -> list[int]:
    step = validate(arrangements(), register)
    given = [Given(ENTRY, {}, at) for at in times]
    accepted = [record for one in given for record in step.function(safety_event(), one)]
    return [record.acceptance.policy_version for record in accepted if hasattr(record, "acceptance")]


def test_the_step_follows_what_is_activated_while_it_runs_and_a_replay_decides_as_the_first_run_did() -> None:
    event_times = [NOON - 5, NOON + 5, NOON + LEAD + 5]
    open_version = WIDE.replace("version = 3", "version = 9")
    register = Followed()
    assert versions_of(register, event_times[:1]) == [3]
    register.arrangements = activated(arrangements(), [activation(open_version, NOON)])
    assert versions_of(register, event_times) == [3, 3, 9]
    assert versions_of(Followed(activation(open_version, NOON)), event_times) == [3, 3, 9]
    assert validate(arrangements(), register).knows(NOON - 1)
    assert not validate(arrangements(), register).knows(NOON)
