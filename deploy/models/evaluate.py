"""Writes test corpora and the tagger's predictions as JSON lines, to be scored by a scorer of one's own.

python -m deploy.models.evaluate validation|challenge GOLD.jsonl      writes a corpus
python -m deploy.models.evaluate GOLD.jsonl PREDICTIONS.jsonl [plain] marks one
"""

import json
import random
import sys
import time
from pathlib import Path

from deploy.models.corpus import TYPES, Author, frames
from deploy.models.pools import pools
from stream_processors.domain.deidentification.lexicon.loader import flags_by_word, lines_of, packed_words
from stream_processors.domain.deidentification.tagger.loader import load

FRESH_SEED = 77
"""Not the seed of the thresholds."""


def validation(path: Path) -> None:
    """Narratives from validation frames and names only."""
    pool = pools(flags_by_word(lines_of(packed_words())), True)
    author = Author(pool, frames(pool, True), FRESH_SEED)
    with path.open("w", encoding="utf-8") as out:
        for number, narrative in enumerate(author.narratives(1500, 0.0)):
            spans = [{"start": start, "end": end, "type": TYPES[label]} for start, end, label in narrative.spans]
            keep = [{"start": start, "end": end, "cat": kind} for start, end, kind in narrative.keep]
            out.write(json.dumps({"id": str(number), "text": narrative.text, "spans": spans, "keep": keep}) + "\n")


def challenge(path: Path) -> None:
    """The challenge texts of the outis package: only ever a test."""
    from outis.data.challenge import generate  # type: ignore[import-not-found]  # the build environment only

    with path.open("w", encoding="utf-8") as out:
        for row in generate(600):
            spans = [{"start": s["start"], "end": s["end"], "type": s["label"]} for s in row["spans"]]
            out.write(json.dumps({"id": row["id"], "text": row["text"], "spans": spans}) + "\n")


def predictions(gold: Path, path: Path, plain: bool) -> None:
    """Marks every text of a corpus, after a warm-up on other text."""
    tagger = load(plain=plain)
    rng = random.Random(3)  # noqa: S311
    for _ in range(200):
        tagger.tag(" ".join(rng.choice(("The nurse", "saw", "him", "at noon", "in the hall")) for _ in range(60)))
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    began = time.process_time()
    marked = [tagger.tag(row["text"]) for row in rows]
    seconds = time.process_time() - began
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps({"_meta": {"seconds": seconds}}) + "\n")
        for row, spans in zip(rows, marked, strict=True):
            shown = [{"start": start, "end": end, "type": kind} for start, end, kind in spans]
            out.write(json.dumps({"id": row["id"], "spans": shown}) + "\n")


def main() -> None:
    """Dispatch."""
    first, second = sys.argv[1:3]
    if first == "validation":
        validation(Path(second))
    elif first == "challenge":
        challenge(Path(second))
    else:
        predictions(Path(first), Path(second), "plain" in sys.argv[3:])


if __name__ == "__main__":
    main()
