"""The steps: what each reads, writes and asks for, run as the runner runs them, without Kafka."""

from collections.abc import Iterator

import pytest

from schemas import topics
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.grades import Grade
from schemas.records import CellCount, Contribution, Record, SafetyEvent
from schemas.taxonomy import Harm
from schemas.topics import submitted
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.domain.rejection import Reason, Rejected
from stream_processors.processors.aggregate import AGGREGATE
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.contribute import CONTRIBUTE
from stream_processors.processors.detect import detect
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.processors.validate import validate
from stream_processors.shapes import Accumulator, Disclosure, Given, Processor, Step, Subject
from tests.support.builders import OTHER_PROVIDER, accepted, arrangements, classified, crowded_event, safety_event
from tests.support.classifiers import CLASSIFY

ANONYMIZE, NONIDENTIFY = anonymize(PATTERNS_ONLY), nonidentify(PATTERNS_ONLY)

VALIDATE = validate(arrangements())
DETECT = detect(None)
STEPS: tuple[Step, ...] = (VALIDATE, CLASSIFY, ANONYMIZE, NONIDENTIFY, CONTRIBUTE, AGGREGATE, DETECT)
CODEC = Codec(bundled())


def run(step: Processor, record: Record) -> Iterator[Record]:
    """As the runner does: fetch what is asked for, call, check the type, encode and decode."""
    surrogates = {subject: f"sur-{number}" for number, subject in enumerate(step.asks(record))}
    for output in step.function(record, Given(step.reads[0], surrogates)):
        assert CODEC.decode(CODEC.encode(output), step.writes.record) == output
        yield output


@pytest.mark.parametrize(
    ("step", "record"),
    [
        (VALIDATE, safety_event()),
        (CLASSIFY, accepted()),
        (ANONYMIZE, classified(crowded_event())),
        (NONIDENTIFY, classified(crowded_event())),
        (CONTRIBUTE, classified()),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_step_makes_one_record_of_its_topic_and_the_same_again(step: Processor, record: Record) -> None:
    assert step.reads[0].record is type(record)
    first, second = list(run(step, record)), list(run(step, record))
    assert [type(output) for output in first] == [step.writes.record]
    assert first == second


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_name_of_a_step_is_a_verb_in_one_word(step: Step) -> None:
    assert step.name.isalpha()
    assert step.name.islower()


def test_the_entry_topic_says_whose_the_event_is() -> None:
    event = safety_event(provider=OTHER_PROVIDER)
    assert list(VALIDATE.function(event, Given(submitted("arr-m9d0"))))
    with pytest.raises(Rejected) as refused:
        list(VALIDATE.function(event, Given(submitted("arr-7k2q"))))
    assert refused.value.reason is Reason.PROVIDER_MISMATCH


@pytest.mark.parametrize(("step", "grade"), [(ANONYMIZE, Grade.P1), (NONIDENTIFY, Grade.P2)])
def test_a_disclosure_asks_for_the_surrogates_of_its_own_grade(step: Disclosure, grade: Grade) -> None:
    event, contributor = step.asks(classified())
    assert event == Subject("event", grade, "prv-8f3k2m|evt-20240517-0031")
    assert contributor == Subject("contributor", grade, "prv-8f3k2m")


@pytest.mark.parametrize("step", [ANONYMIZE, NONIDENTIFY])
def test_a_surrogate_that_was_not_fetched_is_our_fault_and_no_rejection(step: Disclosure) -> None:
    with pytest.raises(KeyError):
        list(step.function(classified(), Given(topics.EVENTS_CLASSIFIED)))


def test_three_deaths_at_three_providers_become_a_signal_and_a_withdrawal_takes_it_back() -> None:
    counts, pool = AGGREGATE.state(), DETECT.state()

    def after(*contributions: Contribution, version: int) -> list[bool]:
        said: list[CellCount] = list(AGGREGATE.outputs(counts, AGGREGATE.fold(counts, contributions), 0, version))  # type: ignore[arg-type]
        signals = DETECT.outputs(pool, DETECT.fold(pool, said), 0, version)
        return [signal.raised for signal in signals]  # type: ignore[attr-defined]

    events = [safety_event(provider=f"prv-{name}", harm=Harm.DEATH) for name in "abc"]
    first, second, third = (contributed(event) for event in events)
    assert after(first, second, version=1) == []
    assert after(third, version=2) == [True]
    assert after(third, version=3) == [True]
    assert after(contributed(safety_event(provider="prv-a", harm=Harm.MILD, revision=2)), version=4) == [False]


def contributed(event: SafetyEvent) -> Contribution:
    [record] = run(CONTRIBUTE, classified(event))
    assert isinstance(record, Contribution)
    return record


def test_accumulators_begin_with_a_state_of_their_own() -> None:
    for step in (AGGREGATE, DETECT):
        assert isinstance(step, Accumulator)
        assert step.state() is not step.state()
