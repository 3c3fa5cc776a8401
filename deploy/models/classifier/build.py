"""Trains the classifier: writes reports, judges each fold by a model that saw none of its lines, calibrates, fits all, exports.

python -m deploy.models.classifier.build [reports]
"""

import hashlib
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from deploy.models.classifier.corpus import FOLDS, HERE, Author, clauses, lines
from stream_processors.domain.classification.advising import suggested
from stream_processors.domain.classification.calibrating import policy_of
from stream_processors.domain.classification.collecting import collected
from stream_processors.domain.classification.heads import CATEGORIES, HARMS, REPORT_TYPES
from stream_processors.domain.classification.measuring import by_class, macro_f1
from stream_processors.domain.classification.scoring import Scorer, calibrated
from stream_processors.domain.classification.training import Labelled, Vocabulary, exported, fitted
from stream_processors.domain.classification.weights import Policy, Weights, packed
from stream_processors.domain.classification.words import WORD, spellings

TARGET = Path(__file__).parents[3] / "stream_processors" / "domain" / "classification" / "model"
NAME = "linear 2"
REPORTS, JUDGED = 20_000, 350
WORDINGS = 4
LEAST = (1, 2)
LISTED = 0.5
"""Reports of little but words of the field, for one report of sentences."""
LEFT_OUT = 0.12
"""Share of a report's words that training does not see: others must learn to speak for the code too."""


def vocabulary(folds: Sequence[int]) -> Vocabulary:
    """Tokens and pairs of the lines of some folds."""
    author = Author(folds, 3)
    written = [line.text for found in author.by_category.values() for line in found]
    written += [clause for found in author.clauses.values() for clause in found]
    written += [term for sort, found in author.terms.items() if not sort.startswith("frames") for term in found]
    return collected(([author.filled(line) for _ in range(WORDINGS)] for line in written), spellings(), LEAST)


def model(folds: Sequence[int], count: int) -> Weights:
    """Weights from reports of some folds."""
    rng = random.Random(7)  # noqa: S311
    words = vocabulary(folds)
    author = Author(folds, 1)
    reports = [_thinned(report, rng) for report in (*author.reports(count), *author.listed(int(count * LISTED)))]
    return exported(NAME, words, fitted(words.matrix([report.text for report in reports]), reports))


def _thinned(report: Labelled, rng: random.Random) -> Labelled:
    kept = WORD.sub(lambda match: "" if rng.random() < LEFT_OUT else match[0], report.text.lower())
    return Labelled(kept, report.report_type, report.harm, report.categories, report.unclear)


def unseen(count: int) -> tuple[list[Sequence[int]], list[Labelled]]:
    """Sums of reports by models that saw none of their lines, and their labels."""
    sums: list[Sequence[int]] = []
    labels: list[Labelled] = []
    for fold in range(FOLDS):
        scorer = Scorer(model([one for one in range(FOLDS) if one != fold], count), spellings())
        reports = list(Author([fold], 100 + fold).reports(JUDGED))
        sums += [scorer.sums(report.text) for report in reports]
        labels += reports
        print(f"fold {fold}: {len(scorer.weights.tokens)} tokens, {len(scorer.weights.pair_keys)} pairs")
    return sums, labels


def judged(sums: Sequence[Sequence[int]], labels: Sequence[Labelled], policy: Policy) -> None:
    """Prints how well reports of unseen lines are answered; their confidence is what it is by construction (confidence.py)."""
    answers = [suggested(calibrated(row, policy), policy) for row in sums]
    clear = [(label, answer) for label, answer in zip(labels, answers, strict=True) if not label.unclear]
    counts = by_class(((CATEGORIES[one] for one in label.categories or ()), answer.categories) for label, answer in clear)
    print(f"unseen lines: macro-F of categories {macro_f1(counts):.3f}")
    for what, field, codes in (("report type", "report_type", REPORT_TYPES), ("harm", "harm", HARMS)):
        said = [(getattr(a, field), getattr(label, field)) for label, a in clear if getattr(label, field) >= 0]
        hits = [codes[truth] is answer for answer, truth in said if answer is not None]
        print(f"  {what}: right {sum(hits) / len(hits):.3f} of the {len(hits) / len(said):.3f} that are said")


def main() -> None:
    """Train and write the model with its manifest."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS
    began = time.monotonic()
    sums, labels = unseen(count)
    policy = policy_of(sums, labels)
    judged(sums, labels, policy)
    weights = model(range(FOLDS), count)
    data = packed(replace(weights, policy=policy))
    (TARGET / "weights.bin").write_bytes(data)
    (TARGET / "manifest.json").write_text(json.dumps(manifest(data, weights, count), indent=1) + "\n")
    print(f"{policy}\n{len(data)} bytes, {time.monotonic() - began:.0f} s")


def manifest(data: bytes, weights: Weights, count: int) -> dict[str, object]:
    """What the model was made from."""
    files = sorted(
        [
            *HERE.glob("lines/*.txt"),
            *HERE.glob("clauses/*.txt"),
            *HERE.glob("terms/*.txt"),
            HERE / "slots.toml",
            TARGET / "words.txt",
        ]
    )
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "name": weights.name,
        "lines": len(lines()),
        "clauses": sum(map(len, clauses().values())),
        "reports": count,
        "tokens": len(weights.tokens),
        "pairs": len(weights.pair_keys) + len(weights.skip_keys),
        "sources": {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }


if __name__ == "__main__":
    main()
