"""What is rare of an event is not told in its P2 record: not in a field, and not in a narrative."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from schemas.records import ClassifiedEvent, NonidentifiedEvent
from schemas.records.disclosed import ReleasedDevice
from schemas.records.parts import Device, Narrative
from schemas.records.people import Facility
from schemas.taxonomy import Action, NarrativeKind, NarrativeRelease, Setting
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.rare import (
    UNASKED,
    UNCOUNTED,
    Rarity,
    combinations,
    combinations_of,
    says,
)
from stream_processors.domain.deidentification.refresh import refresh
from stream_processors.domain.deidentification.snapshot import DamagedSnapshot, rarity_of, snapshot
from stream_processors.domain.deidentification.states import STATE_NAMES, STATES
from stream_processors.domain.deidentification.uniqueness import Combination, Counted, Finding, Policy
from stream_processors.domain.deidentification.version import hash_of
from stream_processors.domain.rejection import Reason, Rejected
from tests.support.builders import classified, safety_event

PUMP = Device(kind="infusion pump", manufacturer="Infusatron", model="IP-200", software_version="4.1")
SALT = "5" * 32


def event(*texts: str, **changes: Any) -> ClassifiedEvent:
    narratives = tuple(Narrative(NarrativeKind.DESCRIPTION, text) for text in texts)
    found = safety_event(facility=Facility(state="WY", zip_code="82001"), devices=(PUMP,), narratives=narratives, **changes)
    return classified(found, narrative_release=NarrativeRelease.NONIDENTIFIED)


def told(found: ClassifiedEvent, rarity: Rarity) -> NonidentifiedEvent:
    return nonidentify(found, "e", "c", rarity=rarity)


def gives_up(*names: str, is_shared: bool = True, withholds: bool = False) -> Rarity:
    return Rarity(lambda _combinations: Finding(names, is_shared), "a" * 64, withholds)


def fields(record: NonidentifiedEvent) -> tuple[Any, ...]:
    return record.state, record.zip3, record.setting, record.devices


WHOLE = ReleasedDevice("infusion pump", "Infusatron", "IP-200", "4.1")
INPATIENT = Setting.INPATIENT_UNIT
LEVELS: list[tuple[tuple[str, ...], tuple[Any, ...], str]] = [
    ((), ("WY", "820", INPATIENT, (WHOLE,)), "nothing is rare"),
    (("device_version",), ("WY", "820", INPATIENT, (replace(WHOLE, software_version=None),)), "the only one of its version"),
    (("device_version", "device_model"), ("WY", "820", INPATIENT, (ReleasedDevice("infusion pump"),)), "a rare model"),
    (("device_model", "device_kind"), ("WY", "820", INPATIENT, ()), "a rare kind"),
    (("device_kind", "zip3"), ("WY", None, INPATIENT, ()), "a rare corner"),
    (("device_kind", "zip3", "setting"), ("WY", None, Setting.UNKNOWN, ()), "a rare setting"),
    (("device_kind", "zip3", "setting", "state"), (None, None, Setting.UNKNOWN, ()), "a rare State"),
]


@pytest.mark.parametrize(("gone", "left", "remark"), LEVELS, ids=[level[-1] for level in LEVELS])
def test_a_field_that_was_given_up_is_not_told(gone: tuple[str, ...], left: tuple[Any, ...], remark: str) -> None:
    record = told(event(), gives_up(*gone))
    assert fields(record) == left, remark
    rest = replace(record, state=None, zip3=None, setting=INPATIENT, devices=(), manifest=None)
    assert rest == replace(told(event(), UNASKED), state=None, zip3=None, devices=(), manifest=None)


def test_without_counts_every_event_leaves_in_its_most_general_form_and_none_is_withheld() -> None:
    record = told(event(), UNCOUNTED)
    assert fields(record) == (None, None, Setting.UNKNOWN, ())
    assert (record.categories, record.provider_type, record.event_year) == (("medication",), "hospital", 2024)


def test_the_manifest_says_which_counts_were_asked() -> None:
    hashes = [found.combinations for rarity in (UNASKED, UNCOUNTED, gives_up()) if (found := told(event(), rarity).manifest)]
    assert hashes == [None, hash_of(b""), "a" * 64]


def test_a_policy_may_withhold_what_even_its_general_form_singles_out() -> None:
    with pytest.raises(Rejected) as refused:
        told(event(), gives_up("state", is_shared=False, withholds=True))
    assert (refused.value.reason, refused.value.path) == (Reason.RARE, "event.categories")
    assert told(event(), gives_up("state", is_shared=False)).state is None
    assert told(event(), gives_up("state", withholds=True)).state is None


def test_an_invented_event_of_a_test_arrangement_is_never_withheld_for_it() -> None:
    canary = event()
    canary = replace(canary, acceptance=replace(canary.acceptance, test=True))
    assert told(canary, gives_up("state", is_shared=False, withholds=True)).state is None


def test_a_withdrawal_is_asked_nothing_and_leaves() -> None:
    assert told(event(action=Action.WITHDRAW), gives_up(is_shared=False, withholds=True)).action is Action.WITHDRAW


NARRATIVES = [
    ("The ip 200 stopped.", "device_model", False, "the model, as somebody types it"),
    ("Infusatron was called.", "device_model", False, "its maker"),
    ("Transferred within wyoming.", "state", False, "the State by its name"),
    ("The IP-20 stopped.", "device_model", True, "another model"),
    ("The infusion pump stopped.", "device_kind", True, "a kind of device is said in many narratives"),
    ("The IP-200 stopped in Wyoming.", "zip3", True, "neither was given up"),
    ("The IP-200 stopped.", "device_version", True, "only its version was"),
]


@pytest.mark.parametrize(("text", "gone", "leaves", "remark"), NARRATIVES, ids=[one[-1] for one in NARRATIVES])
def test_a_narrative_that_says_what_was_given_up_stays_behind(text: str, gone: str, leaves: bool, remark: str) -> None:
    found = [one.text for one in told(event("She fell.", text), gives_up(gone)).narratives]
    assert found == (["She fell.", text] if leaves else ["She fell."]), remark


def test_a_text_says_a_word_whole_or_not_at_all() -> None:
    assert says("(New  York)", ["new york"])
    assert says("N\u00adew \uff39ork", ["new york"])
    assert not says("Newer York", ["new york"])
    assert not says("anything", [])


def test_every_state_has_a_name_by_which_a_narrative_may_tell_it() -> None:
    assert STATE_NAMES.keys() == STATES
    assert (STATE_NAMES["WY"], STATE_NAMES["DC"], STATE_NAMES["VI"]) == ("wyoming", "district of columbia", "virgin islands")
    assert [STATE_NAMES[code] for code in ("NC", "VA", "WV", "PR", "AK")] == [
        "north carolina", "virginia", "west virginia", "puerto rico", "alaska",
    ]  # fmt: skip


def test_a_record_tells_each_pair_of_category_and_device() -> None:
    record = told(event(), UNASKED)
    of_event: dict[str, Any] = {
        "provider_type": "hospital",
        "year": 2024,
        "state": "WY",
        "zip3": "820",
        "setting": "inpatient_unit",
    }
    assert combinations_of(record) == {
        Combination(
            "medication", **of_event, device_kind="infusion pump", device_model="infusatron ip 200", device_version="4 1"
        )
    }
    assert combinations_of(replace(record, devices=(), setting=Setting.UNKNOWN)) == {
        Combination("medication", **{**of_event, "setting": None})
    }
    two = combinations(("fall", "other"), (Device(model="A"), Device(model="a "), Device(kind="--")), provider_type="pharmacy")
    assert {(one.category, one.device_kind, one.device_model) for one in two} == {
        ("fall", None, "a"), ("fall", None, None), ("other", None, "a"), ("other", None, None),
    }  # fmt: skip


BARE = Combination("fall", "hospital", 2024, state="WY")
OTHER = Combination("fall", "hospital", 2024, state="UT")
COUNTED = [Counted(frozenset({BARE}), "prv-b", 3), Counted(frozenset({BARE, OTHER}), "prv-a", 2)]


FIVE_OF_TWO = Policy(5, 2)


def taken(counted: list[Counted] = COUNTED, policy: Policy = FIVE_OF_TWO, salt: str = SALT, **how: bool) -> Rarity:
    content = snapshot(counted, policy, salt, **how)
    return rarity_of(content, hash_of(content))


def test_a_snapshot_answers_as_its_counts_and_policy_do() -> None:
    assert taken().ask([BARE]) == Finding((), is_shared=True)
    assert taken().ask([OTHER]) == Finding(("state",), is_shared=True)
    assert taken(policy=Policy(6, 2)).ask([BARE]) == Finding(("state",), is_shared=False)
    assert taken(policy=Policy(5, 3)).ask([BARE]) == Finding(("state",), is_shared=False)
    assert [taken(withholds=on).withholds for on in (True, False)] == [True, False]


def test_a_snapshot_is_its_bytes_whatever_the_order_of_the_counts_and_names_no_provider() -> None:
    content = snapshot(COUNTED, Policy(5, 2), SALT)
    assert snapshot(COUNTED[::-1], Policy(5, 2), SALT) == content
    assert (
        snapshot(
            [Counted(one.combinations, one.contributor, 1) for one in COUNTED for _ in range(one.events)], Policy(5, 2), SALT
        )
        == content
    )
    of_one = [Counted(frozenset({one}), "prv-a", 1) for one in (BARE, OTHER)]
    assert snapshot(of_one, Policy(5, 2), SALT) == snapshot(of_one[::-1], Policy(5, 2), SALT)
    assert b"prv-" not in content


def test_contributors_are_numbered_in_the_order_of_their_ids_in_every_process() -> None:
    """A set of texts has another order in each process: numbers in that order would give other bytes for the same counts."""
    many = [Counted(frozenset({BARE}), f"prv-{letter}", 1) for letter in "hcafgbed"]
    assert [row[0] for row in msgspec.json.decode(snapshot(many, FIVE_OF_TWO, SALT))["rows"]] == list(range(8))


def test_the_bytes_of_a_snapshot_are_these_for_a_hash_that_was_written_down_must_be_found_again() -> None:
    told = Combination("fall", "hospital", 2024, state="WY")
    assert snapshot([Counted(frozenset({told}), "prv-a", 2)], Policy(5, 2), SALT) == (
        b'{"salt":"55555555555555555555555555555555","events":5,"contributors":2,"withhold":false,"rows":[[0,2,[{"category":"fall",'
        b'"provider_type":"hospital","year":2024,"state":"WY","zip3":null,"setting":null,"device_kind":null,"device_model":null,'
        b'"device_version":null}]]]}'
    )


def test_another_salt_policy_or_count_is_another_snapshot() -> None:
    hashes = {
        taken().snapshot, taken(salt="6" * 32).snapshot, taken(policy=Policy(5, 1)).snapshot, taken(withholds=True).snapshot,
        taken(COUNTED[:1]).snapshot,
    }  # fmt: skip
    assert len(hashes) == 5


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", snapshot(COUNTED, Policy(5, 2), SALT).replace(b'"events":5', b'"events":0')],
    ids=["", "{}", "k = 0"],
)
def test_what_is_no_snapshot_is_refused_without_a_word_of_it(content: bytes) -> None:
    with pytest.raises(DamagedSnapshot, match=r"^it is none of this version$"):
        rarity_of(content, hash_of(content))


def test_a_snapshot_that_was_changed_is_refused() -> None:
    content = snapshot(COUNTED, Policy(5, 2), SALT)
    with pytest.raises(DamagedSnapshot, match=r"^it does not have the hash that names it$"):
        rarity_of(content + b" ", hash_of(content))


def test_a_refresh_counts_what_it_would_change() -> None:
    found = refresh(COUNTED, UNCOUNTED, taken())
    assert (found.events, found.same, found.more_told, found.more_general, found.withheld) == (5, 2, 3, 0, 0)
    assert found.given_up == {"state": 2}
    back = refresh(COUNTED, taken(), UNCOUNTED)
    assert (back.same, back.more_told, back.more_general, back.given_up) == (2, 0, 3, {"state": 5})
    assert list(refresh(COUNTED, taken(), gives_up("zip3", "device_kind", "setting")).given_up) == [
        "device_kind",
        "setting",
        "zip3",
    ]
    strict = taken(policy=Policy(6, 2), withholds=True)
    assert refresh(COUNTED, taken(), strict).withheld == 5
    assert refresh(COUNTED, strict, taken()).more_told == 5
    assert refresh(COUNTED, taken(), taken()).same == 5
    assert refresh(COUNTED, taken(withholds=True), taken(withholds=True)).same == 5, "what is shared is not withheld"
