"""New parameters from counts: shares, prior and boundary, and which signals they would change."""

import pytest

from schemas.records import CellCount
from schemas.taxonomy import Category, Harm, ProviderType, Setting
from stream_processors.domain.signals.gamma_poisson_fit import NothingToFit
from stream_processors.domain.signals.poisson_maxsprt import critical_value
from stream_processors.domain.signals.refit import Design, changes, refitted, usual_shares
from stream_processors.domain.signals.signal_parameters import Parameters, written
from tests.unit.domain.test_aggregation import cell
from tests.unit.domain.test_pair_signals import PINNED, count, spread

DESIGN = Design("2022-01", "2023-12", "2024-01", horizon=10.0)


def history() -> list[CellCount]:
    """Two years in which wards report nine times as much as operating rooms, in every category and harm."""
    found = []
    for number, (category, harm) in enumerate((c, h) for c in Category for h in (Harm.DEATH, Harm.SEVERE, Harm.MILD)):
        for setting, usual in ((Setting.INPATIENT_UNIT, 18), (Setting.OPERATING_ROOM, 2), (Setting.HOME, 1)):
            events = usual + (number * 7 + usual) % 5
            where = cell(category, harm=harm, month="2023-03", provider_type=ProviderType.HOSPITAL, setting=setting)
            found.append(CellCount(where, "p1", 0, events, 1))
    return found


def test_a_share_is_what_a_setting_reports_of_all_events_of_its_kind_of_provider() -> None:
    counts = [count("p1", 30, setting=Setting.HOME), count("p2", 10), count("p1", 5, provider_type=ProviderType.PHARMACY)]
    shares = usual_shares(counts)
    assert set(shares) == {ProviderType.HOSPITAL, ProviderType.PHARMACY}
    hospital = shares[ProviderType.HOSPITAL]
    assert hospital[Setting.HOME] == pytest.approx(30.5 / (40 + len(Setting) / 2))
    assert sum(hospital.values()) == pytest.approx(1)
    assert min(hospital.values()) > 0, "what was never reported from a setting is unlikely, not impossible"


def test_a_refit_pins_prior_shares_and_boundary_and_says_the_same_again() -> None:
    parameters, fit = refitted(history(), DESIGN)
    assert fit.converged
    assert parameters.theta == fit.theta
    assert parameters.first_month == "2024-01"
    assert parameters.maxsprt.critical_value == critical_value(10.0, 4, 0.05).critical_value
    again, _ = refitted(list(reversed(history())), DESIGN)
    assert written(again) == written(parameters)


def test_months_outside_those_to_learn_from_teach_nothing() -> None:
    late = [count("p1", 500, month="2024-02"), count("p1", 500, month="unknown")]
    assert refitted([*history(), *late], DESIGN)[0] == refitted(history(), DESIGN)[0]
    with pytest.raises(NothingToFit):
        refitted(late, DESIGN)


def test_the_signals_that_change_are_told_with_both_scores() -> None:
    stricter = Parameters(**{f: getattr(PINNED, f) for f in PINNED.__struct_fields__} | {"eb05": 50.0})
    assert changes(spread(6), PINNED, PINNED) == []
    [(change)] = changes(spread(6), PINNED, stricter)
    assert (change.key[0], change.key[3], change.raised, change.after) == (
        "gamma-poisson-shrinker 1", Setting.OPERATING_ROOM, False, None,
    )  # fmt: skip
    assert change.before is not None
    assert change.before > 2
    assert {(c.raised, c.before) for c in changes(spread(6), None, PINNED)} == {(True, None)}
