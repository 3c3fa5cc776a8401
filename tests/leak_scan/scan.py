"""One chunk: planted events through the steps, and a search for every plant in all that came out."""

import gc
import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from random import Random

import msgspec

from schemas.grades import Grade
from schemas.headers import Pairs, Position
from schemas.topics import DEAD, Topic
from stream_processors.domain.arrangements import Arrangements, parse_arrangements
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.rejection import Reason
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.shapes import Arrival
from tests.leak_scan.fields import GRADES
from tests.leak_scan.flow import NAMESPACE, PARTITIONS, Emitted, Flow
from tests.leak_scan.planting import Plant, planted_event
from tests.leak_scan.search import Patterns
from tests.support.encodings import searched_for

CHUNK = 100
"""Events that go through the steps together."""
_NUMBERS = re.compile(r"\d(?:[\s().,/:-]{0,3}\d)+")
_VALUE = re.compile(rb" [\d.eE+-]+$", re.MULTILINE)
"""Of a sample: a sum of seconds has any digits. What stands in front of it, a label above all, is searched."""


@dataclass(slots=True)
class Tally:
    """What a scan did and found."""

    events: int = 0
    plants: int = 0
    scanned_bytes: int = 0
    disclosed: int = 0
    quarantined: int = 0
    dead_letters: int = 0
    found: list[str] = field(default_factory=list)
    """Seed, chunk, event, where it was found, which field it came from. All of it is invented."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


class Scan:
    """Chunks of one seed. The same seed and chunk give the same events."""

    def __init__(self, seed: int, engine: NarrativeEngine) -> None:
        self._seed = seed
        self._arrangements = arrangements_of(Random(f"arrangements {seed}"))
        self._flow = Flow(self._arrangements, engine, Random(f"surrogates {seed}"))

    def chunk(self, number: int, size: int) -> Tally:
        """Plant, run, search. Without the collector of cyclic garbage, which takes a third of the time and finds nothing."""
        gc.disable()
        try:
            return self._chunk(number, size)
        finally:
            gc.enable()

    def _chunk(self, number: int, size: int) -> Tally:
        random = Random(f"{self._seed} {number}")
        messages, plants = [], []
        for place in range(size):
            topic = random.choice(self._arrangements.entries)
            event, planted = planted_event(random, self._arrangements.of(topic))
            key = f"{event.provider}|{event.event_id}".encode()
            headers: Pairs = [("theirs", event.event_id.encode())] if random.random() < 0.5 else []
            value = _damaged(self._flow.codec.encode(event), random)
            name = self._flow.wire.name(topic)
            messages.append(Incoming(name, place % PARTITIONS, place, 1_716_000_000_000, key, value, headers))
            plants.append(planted)
        emitted = self._flow(messages)
        tally = Tally(
            events=size,
            plants=sum(map(len, plants)),
            disclosed=sum(_grade(self._flow, one) is not Grade.P0 for one in emitted.outputs),
            quarantined=emitted.reasons.count(Reason.QUARANTINED),
            dead_letters=len(emitted.dead),
        )
        self._search(plants, emitted, tally, f"seed {self._seed}, chunk {number}")
        return tally

    def _search(self, plants: Sequence[Sequence[Plant]], emitted: Emitted, tally: Tally, chunk: str) -> None:
        listed = [(event, plant) for event, planted in enumerate(plants) for plant in planted]
        leaks: dict[str, None] = {}
        patterns = Patterns(_patterns(listed))
        for grade, texts in _haystacks(self._flow, emitted).items():
            haystack, ends = _joined(texts)
            tally.scanned_bytes += len(haystack)
            for place, number in patterns.found_in(haystack):
                event, plant = listed[number]
                if grade in plant.forbidden:
                    where = texts[bisect_right(ends, place)][0]
                    leaks[f"{chunk}, event {event}: {plant.path} {plant.identifier.text!r} {plant.written!r} in {where}"] = None
        tally.found += leaks


def arrangements_of(random: Random) -> Arrangements:
    """Four, of which two let narratives go to the end, one half way and one not at all."""
    releases = ("nonidentified", "nonidentified", "anonymized", "none")
    return parse_arrangements("\n".join(_arrangement(random, release) for release in releases))


def _arrangement(random: Random, release: str) -> str:
    arrangement, provider = ("".join(random.choices("bcdfghkmnprstvwz", k=9)) for _ in range(2))
    return (
        f'[[arrangement]]\nid = "arr-{arrangement}"\nprovider = "prv-{provider}"\nprovider_type = "hospital"\n'
        f'policy_version = 1\nin_force_from = 2020-01-01\nnarrative_release = "{release}"\n'
    )


def _damaged(value: bytes, random: Random) -> bytes:
    """One in a hundred is cut or says what it should not: it becomes a dead letter."""
    if random.random() < 0.99:
        return value
    return random.choice((value[: len(value) // 2], value + b"\0", json.dumps(repr(value)).encode()))


def _patterns(listed: Sequence[tuple[int, Plant]]) -> Iterator[tuple[bytes, int]]:
    """What is looked for, with the number of the plant. An identifier that was said twice is looked for once."""
    seen: set[tuple[str, frozenset[Grade | None]]] = set()
    for number, (_, plant) in enumerate(listed):
        if plant.written:
            yield plant.written.lower().encode(), number
        known = (plant.identifier.text, plant.forbidden)
        if known not in seen:
            seen.add(known)
            yield from ((form, number) for token in plant.identifier.tokens for form in searched_for(token))


def _grade(flow: Flow, message: Outgoing) -> Grade:
    return flow.wire.topic(message.topic).grade


def _haystacks(flow: Flow, emitted: Emitted) -> dict[Grade | None, list[tuple[str, bytes]]]:
    """What is searched: records by grade; under P0 what dead letters say of themselves; under None what people watch."""
    found: dict[Grade | None, list[tuple[str, bytes]]] = {None: [], Grade.P0: [], Grade.P1: [], Grade.P2: []}
    for place, message in enumerate(emitted.outputs):
        topic = flow.wire.topic(message.topic)
        if topic.grade in GRADES:
            found[topic.grade].append((f"{topic.name} {place}", b"\n".join(_parts(flow, topic, message, place))))
    for place, message in enumerate(emitted.dead):
        said = b"\n".join(text for name, text in message.headers if name.startswith("pso-dead-"))
        rows = repr(_rows(flow, flow.wire.topic(message.topic), message, place)).encode()
        found[Grade.P0].append((f"what dead letter {place} says of itself", said + b"\n" + rows))
    found[None].append(("the log", emitted.log.encode()))
    found[None].append(("the metrics", _VALUE.sub(b"", emitted.metrics.encode())))
    return found


def _parts(flow: Flow, topic: Topic, message: Outgoing, place: int) -> Iterator[bytes]:
    """Bytes as they go out, and the record in them once more in the ways in which somebody may read it."""
    yield message.topic.encode()
    yield message.key or b""
    yield message.value or b""
    yield from (name.encode() + b"=" + value for name, value in message.headers)
    record = flow.codec.decode(message.value, topic.record)
    texts = "\n|\n".join(_strings(msgspec.to_builtins(record)))
    yield unicodedata.normalize("NFKC", texts).encode("utf-8", "replace")
    yield b"\n".join(re.sub(r"\D", "", run[0]).encode() for run in _NUMBERS.finditer(texts))
    yield repr(_rows(flow, topic, message, place)).encode()


def _rows(flow: Flow, topic: Topic, message: Outgoing, place: int) -> list[tuple[object, ...]]:
    """What the sinks would write of it."""
    record = None if topic.name.endswith(DEAD) else flow.codec.decode(message.value, topic.record)
    arrival = Arrival(Position(NAMESPACE + topic.name, message.partition or 0, place), message.headers, b"")
    return [sink.row(record, arrival) for sink in flow.sinks if any(read.name == topic.name for read in sink.reads)]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from _strings(inner)


def _joined(texts: Sequence[tuple[str, bytes]]) -> tuple[bytes, list[int]]:
    """All in one, in lower case, and where each ends."""
    ends: list[int] = []
    total = 0
    for _, text in texts:
        total += len(text) + 1
        ends.append(total)
    return b"\n".join(text.lower() for _, text in texts) + b"\n", ends
