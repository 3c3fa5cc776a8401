"""The verdict on two schemas is what happens when records are really written and read."""

from hypothesis import HealthCheck, given, note, settings

from schemas.compatibility import Direction, follows
from tests.properties.evolving import reads_all, records


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(old=records("Event"), new=records("Event"))
def test_reading_fails_exactly_where_the_verdict_says_so(old: object, new: object) -> None:
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    faults = follows(new, [old])
    note("; ".join(map(str, faults)))
    fails = {direction for fault in faults for direction in fault.fails}
    assert reads_all(old, new) == (Direction.BACKWARD not in fails)
    assert reads_all(new, old) == (Direction.FORWARD not in fails)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(schema=records("Event"))
def test_every_schema_may_follow_itself(schema: dict[str, object]) -> None:
    assert follows(schema, [schema]) == []
    assert reads_all(schema, schema)
