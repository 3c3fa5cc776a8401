"""`python -m tests.benchmarks.canaries`: recall of the shipped engine on many rounds of canaries; what the floors rest on."""

from collections import Counter, defaultdict

from schemas.grades import Grade
from stream_processors.domain.canaries.floors import FLOORS, ROUND, must_go
from stream_processors.domain.canaries.judgement import GRADES, judged
from stream_processors.domain.canaries.labels import Planted
from stream_processors.domain.deidentification.tagging import full_engine
from tests.support.canary_flow import canaries, ends_of

ROUNDS = 100


def main() -> None:
    """Print mean and worst round per grade and type."""
    engine = full_engine()
    rounds = [judged(ends_of(canaries(ROUND, first=1_000 * number), engine)) for number in range(ROUNDS)]
    worst: defaultdict[tuple[Grade, Planted], float] = defaultdict(lambda: 1.0)
    planted: Counter[tuple[Grade, Planted]] = Counter()
    leaked: Counter[tuple[Grade, Planted]] = Counter()
    for one in rounds:
        planted += one.planted
        leaked += one.leaked
        for grade, type_ in one.planted:
            worst[grade, type_] = min(worst[grade, type_], one.recall(grade, type_) or 0.0)
    for grade in GRADES:
        removed = [one.false_removal(grade) or 0.0 for one in rounds]
        withheld = sum(one.quarantined[grade] for one in rounds)
        print(f"{grade}: {ROUNDS * ROUND} canaries, {withheld} quarantined")
        print(f"  false removal mean {sum(removed) / ROUNDS:.3f}, worst round {max(removed):.3f}")
        for type_ in filter(lambda each: must_go(each, grade), Planted):
            of = (grade, type_)
            mean = 1 - leaked[of] / planted[of]
            print(f"  {type_:24} {planted[of]:6} mean {mean:.4f} worst {worst[of]:.3f} floor {FLOORS[type_].of(grade)}")


if __name__ == "__main__":
    main()
