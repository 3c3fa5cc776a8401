"""Builds the tagger: writes narratives, trains, chooses thresholds on sentences that training never saw, exports.

python -m deploy.models.build [narratives] [rounds]
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from deploy.models.corpus import CHOICE, MACRO, SLOT, Author, Frames, Narrative, frames
from deploy.models.export import chosen_thresholds, exported, probabilities
from deploy.models.places import LISTS, MODEL
from deploy.models.pools import pools
from deploy.models.train import LEAST, Trainer, encoded, vocabulary_of, widths
from stream_processors.domain.deidentification.lexicon.folding import folded
from stream_processors.domain.deidentification.lexicon.loader import flags_by_word, lines_of, packed_words
from stream_processors.domain.deidentification.tagger.classes import CLASSES, FIRST_CLOSED
from stream_processors.domain.deidentification.tagger.model import Model, packed

STATE_BEHIND = re.compile(r", [A-Z]{2}$")
LETTERS = re.compile(r"[^\W\d_]+")
PENALTY = 4.0
REPLACED = 0.15
LEAST_FRAMES = 3
OUTIS = {"NAME": "N", "FACILITY": "F", "ADDRESS": "L", "LOCATION": "L", "MRN": "I", "ID": "I", "ACCOUNT": "I"}
NARRATIVES, ROUNDS, HELD = 26_000, 65, 2_500


def without_state(text: str, span: tuple[int, int, str]) -> tuple[int, int, str]:
    """The span of a city without the State behind it, which stays in our own narratives too."""
    start, end, label = span
    found = STATE_BEHIND.search(text, start, end) if label == "L" else None
    return (start, found.start(), label) if found else span


def foreign(count: int) -> Iterator[Narrative]:
    """Narratives of the CC0 generator of outis, training split."""
    from outis.data.generators.base import generate_rows  # type: ignore[import-not-found]  # the build environment only

    for row in generate_rows(count, "train", 11):
        spans = [(span["start"], span["end"], OUTIS.get(span["label"], "D")) for span in row["spans"]]
        yield Narrative(row["text"], sorted(without_state(row["text"], span) for span in spans))


def closed_classes() -> dict[str, int]:
    """Words with a class of their own."""
    lines = (LISTS / "closed.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, int] = {}
    for place, line in enumerate(line for line in lines if line.strip()):
        for word in line.split()[1:]:
            if word.isalpha():
                found.setdefault(word, FIRST_CLOSED + place)
    if max(found.values()) >= CLASSES:
        raise ValueError("more closed classes than the model has room for")
    return found


def own_words(split: Frames) -> Counter[str]:
    """In how many frames each word stands outside the slots."""
    counts: Counter[str] = Counter()
    for frame in (
        *(frame for sort in split.sorts.values() for frame in sort),
        *split.tails,
        *split.leads,
        *(one for clause in split.clauses.values() for one in clause),
    ):
        plain = MACRO.sub(" ", SLOT.sub(" ", CHOICE.sub(lambda match: match[1].replace("|", " "), frame)))
        counts.update({folded(word) for word in LETTERS.findall(plain)})
    return counts


def name_words(narratives: Iterable[Narrative]) -> Iterator[str]:
    """Every word of the names, facilities and places, folded."""
    for narrative in narratives:
        for start, end, label in narrative.spans:
            if label in ("N", "F", "L"):
                yield from (folded(word) for word in LETTERS.findall(narrative.text[start:end]))


def trained(count: int, rounds: int, lexicon: dict[str, int]) -> Model:
    """A model from so many narratives, with thresholds from sentences and names that they do not hold."""
    here, there = pools(lexicon, False), pools(lexicon, True)
    split, unseen = frames(here, False), frames(there, True)
    print(f"{sum(map(len, split.sorts.values()))} frames to train, {sum(map(len, unseen.sorts.values()))} to validate")
    written = [*Author(here, split, 1).narratives(count, REPLACED), *foreign(count // 12)]
    vocabulary = vocabulary_of(own_words(split), name_words(written), closed_classes(), LEAST_FRAMES)
    rows = widths(vocabulary)
    trainer = Trainer(encoded(written, lexicon, vocabulary), rows, PENALTY, LEAST)
    print(f"{len(trainer.document)} tokens, {len(vocabulary.words)} words, {len(trainer.used_pairs)} pairs and triples")
    weights = trainer.trained(rounds)
    held = encoded(Author(there, unseen, 2).narratives(HELD, 0.0), lexicon, vocabulary)
    thresholds = chosen_thresholds(probabilities(weights, trainer, held, rows), held.labels)
    return exported(weights, trainer, vocabulary, thresholds)


def main() -> None:
    """Train and write the model."""
    given = [int(value) for value in sys.argv[1:]]
    count, rounds = given or (NARRATIVES, ROUNDS)
    began = time.monotonic()
    model = packed(trained(count, rounds, flags_by_word(lines_of(packed_words()))))
    MODEL.write_bytes(model)
    print(f"{len(model)} bytes, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
