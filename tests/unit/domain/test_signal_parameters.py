"""The file of signal parameters: what it must be, and what a fault in it says."""

import json

import pytest

from schemas.taxonomy import Setting
from stream_processors.domain.signals.signal_parameters import InvalidParameters, Parameters, parse_parameters, written
from tests.unit.domain.test_pair_signals import PINNED


def changed(**changes: object) -> str:
    return json.dumps(json.loads(written(PINNED)) | changes)


def test_what_was_written_is_read_as_it_was_and_has_the_same_digest() -> None:
    found = parse_parameters(written(PINNED))
    assert found == PINNED
    assert found.digest == PINNED.digest
    assert written(found) == written(PINNED)


def test_another_number_has_another_digest() -> None:
    assert parse_parameters(changed(eb05=2.5)).digest != PINNED.digest


def test_a_kind_of_provider_without_history_has_every_setting_alike() -> None:
    pinned: Parameters = parse_parameters(changed(shares={}))
    (kind,) = PINNED.shares
    assert len({pinned.share(kind, setting) for setting in PINNED.shares[kind]}) == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "signal parameters"),
        ("[]", "object"),
        (changed(first_month="May"), "$.first_month"),
        (changed(theta={"alpha1": 1, "beta1": 1, "alpha2": 1, "beta2": 1, "p": 2}), "p must be below 1"),
        (changed(minimums={"contributors": 1}), "$.minimums.contributors"),
        (changed(shares={"hospital": {"home": 1}}), "shares.hospital: one for every setting"),
        (changed(shares={"hospital": dict.fromkeys(map(str, Setting), 0.5)}), "shares.hospital: one for every setting"),
        (changed(shares={"clinic": {"home": 1}}), "shares"),
        (changed(threshold=2), "unknown field"),
    ],
)
def test_a_fault_is_one_line_with_its_place(text: str, place: str) -> None:
    with pytest.raises(InvalidParameters) as refused:
        parse_parameters(text)
    assert place in str(refused.value)
    assert "\n" not in str(refused.value)
