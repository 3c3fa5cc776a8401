"""What the demo says of its canaries: every type in both grades, and what is wrong in words."""

from deploy.demo.canaries import told
from schemas.grades import Grade
from stream_processors.cli.canaries import described
from stream_processors.domain.canaries.judgement import GRADES, End, Withheld, judged
from stream_processors.domain.canaries.labels import Planted
from stream_processors.runtime.canary_round import Round
from tests.support.canary_flow import canaries

SOME = canaries(210)


def lines(*outcomes: str | Withheld) -> str:
    ends = (End(grade, one.labels, outcomes[place % len(outcomes)]) for place, one in enumerate(SOME) for grade in GRADES)
    return "\n".join(told(described(Round(len(SOME), judged(ends), 1.0))))


def test_every_type_stands_with_its_recall_in_both_grades() -> None:
    said = lines("[ID]")
    assert all(type_ in said for type_ in Planted)
    assert "name 1.000 1.000" in said
    assert "date stays 1.000" in said


def test_what_is_wrong_is_said() -> None:
    assert f"{Grade.P1} lost" in lines("[ID]", Withheld.LOST)
    assert "name - -" in lines(Withheld.QUARANTINED)
    assert "above its floor" not in lines(Withheld.QUARANTINED)
