"""The narrative engine alone, in one process: texts per CPU second and the slowest in a hundred, by sort of text.

The people are syllables that no list holds: a rate on names already met flatters (each word of a text is looked up anew).
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from random import Random

from schemas.grades import Grade
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.domain.deidentification.texts import (
    KnownFacility,
    KnownPatient,
    KnownPerson,
    KnownRecord,
    LooseText,
    redacted,
)

COUNT, RUNS, WARM_UP = 1_500, 3, 150
_SYLLABLES = "ba be bri ca ce cha da de dra el fa ga gri ha ho ja ka ki le lo lu ma me mo na ne pa que re ro sa sha ta vi xi zo"
_ENDS = "n r s th ck ll x man ner son ski vic wala zadeh oglu mura gan ton ez a o u ya"
_SENTENCES = (
    "{given} {family} ({age}), MRN {mrn}, fell in room {two} at {time} on {day}.",
    "RN {nurse} {family2} found her on the floor and paged Dr. {doctor}, ext. {four}.",
    "{doctor} ordered a CT of the head and heparin {four} units; blood pressure {three}/{two}.",
    "Daughter {other} {family} was called at {phone} and will come on {day2}.",
    "Seen at {place} Medical Center by {third} {family3}, MD, the week before.",
    "The pump (serial SN-{six}) was taken out of use and sent to biomed.",
    "{given} {family} said the bed alarm was switched off by {nurse} after the morning round.",
    "Account {six}, SSN {ssn}; mail {other}.{family2}@example.org for questions.",
    "Lives at {three} {family3} Street, {place}; discharged {day} to {place} Nursing Home.",
    "Mr. {family3} from pharmacy reviewed the order with Nurse {third} at {time}.",
    "Vital signs were taken every 15 minutes through the night and stayed stable.",
    "Staffing that shift was short by one nurse; the line was found disconnected.",
    "Dr {doctor} told {nurse} {family2} that the Foley catheter had been removed on {day2}.",
)
_MISREAD = {"o": "0", "l": "1", "e": "é", "a": "ä", "i": "ı", "u": "ü", "n": "ñ", "s": "ß", "c": "ç"}
"""What a bad scan makes of a letter, here of one in eight."""
_SORTS: Mapping[str, Callable[[Random], LooseText]] = {
    "short": lambda random: _narrative(random, 130),
    "dense": lambda random: _narrative(random, 500),
    "noisy": lambda random: _misread(random, _narrative(random, 838)),
    "long": lambda random: _joined([_narrative(random, 500) for _ in range(8)]),
}


def narratives() -> dict[str, dict[str, float]]:
    """By sort of text, with the record of its event and without: nonidentifiable texts per CPU second, and P99 in ms."""
    engine = full_engine()
    found: dict[str, dict[str, float]] = {}
    for sort, written in _SORTS.items():
        random = Random(f"narratives {sort}")
        warm, texts = ([written(random) for _ in range(count)] for count in (WARM_UP, COUNT))
        for name, use_known in (("known", True), ("alone", False)):
            _seconds(engine, warm, use_known)
            runs = [_seconds(engine, texts, use_known) for _ in range(RUNS)]
            found[f"{sort}, {name}"] = {
                "per_second": round(COUNT / statistics.median(map(sum, runs))),
                "p99_ms": round(1000 * statistics.median(sorted(run)[COUNT * 99 // 100] for run in runs), 2),
            }
    return found


def _seconds(engine: NarrativeEngine, texts: Sequence[LooseText], use_known: bool) -> list[float]:
    taken: list[float] = []
    for text in texts:
        began = time.process_time()
        redacted(text, Grade.P2, engine, use_known=use_known)
        taken.append(time.process_time() - began)
    return taken


def _narrative(random: Random, size: int) -> LooseText:
    said = _told(random)
    text = ""
    for sentence in random.sample(_SENTENCES, len(_SENTENCES)):
        text += sentence.format_map(said) + " "
        if len(text) >= size - 30:
            break
    patient = KnownPatient(
        given=said["given"],
        family=said["family"],
        mrn=said["mrn"],
        ssn=said["ssn"],
        phone=said["phone"],
        dob="1931-02-27",
        street=f"{said['three']} {said['family3']} Street",
        city=said["place"],
    )
    known = KnownRecord(
        patient=patient,
        facility=KnownFacility(f"{said['place']} Medical Center", "MFRH"),
        reporter=KnownPerson(said["nurse"], said["family2"]),
        providers=(KnownPerson(None, said["doctor"]),),
    )
    return LooseText("-", text.strip(), known)


def _told(random: Random) -> dict[str, str]:
    names = ("given", "family", "nurse", "family2", "doctor", "other", "third", "family3", "place")
    said = {name: _name(random) for name in names}
    digits = {"two": 2, "three": 3, "four": 4, "six": 6, "mrn": 7}
    said |= {name: str(random.randrange(10 ** (size - 1), 10**size)) for name, size in digits.items()}
    month, day, year = random.randint(1, 12), random.randint(1, 28), random.randint(2019, 2025)
    said["day"], said["day2"] = (
        f"{month}/{day}/{year}",
        random.choice((f"{year}-{month:02}-{day:02}", f"March {day}", f"{day} May")),
    )
    said["age"], said["time"] = str(random.randint(20, 99)), f"{random.randrange(24)}:{random.randint(10, 59)}"
    said["phone"] = f"{random.randint(200, 999)}-555-01{random.randint(10, 99)}"
    said["ssn"] = f"9{random.randint(10, 99)}-{random.randint(10, 99)}-{random.randint(1000, 9999)}"
    return said


def _name(random: Random) -> str:
    return ("".join(random.choices(_SYLLABLES.split(), k=random.randint(2, 3))) + random.choice(_ENDS.split())).capitalize()


def _misread(random: Random, one: LooseText) -> LooseText:
    signs = [_MISREAD.get(sign, sign) if random.random() < 0.125 else sign for sign in one.text]
    return LooseText(one.id, "".join(signs), one.known)


def _joined(several: Sequence[LooseText]) -> LooseText:
    return LooseText("-", " ".join(one.text for one in several), several[0].known)
