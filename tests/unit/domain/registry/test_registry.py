"""The registry: who is a provider of 42 CFR 3.20, who is affiliated with whom, and the wall of a component PSO."""

from typing import Any

import msgspec
import pytest

from schemas.taxonomy import ProviderType
from stream_processors.domain.registry.affiliation import affiliated, ancestors
from stream_processors.domain.registry.provider import Licence, Profession, RegisteredProvider, Revision
from stream_processors.domain.registry.rules import InvalidProvider, refuse_invalid

HOSPITAL = RegisteredProvider(
    id="prv-hosp", name="Tamarack Regional", type=ProviderType.HOSPITAL, state="OR", licences=(Licence("OR", "H-1"),)
)


def entry(id_: str, **changes: Any) -> RegisteredProvider:
    """A hospital with a licence of its own, changed."""
    given = {"id": id_, "licences": (Licence("OR", id_),)} | changes
    return msgspec.structs.replace(HOSPITAL, **given)


def known(*entries: RegisteredProvider, retired: tuple[str, ...] = ()) -> dict[str, Revision]:
    return {one.id: Revision(one, 1, one.id in retired) for one in entries}


def faults(one: RegisteredProvider, *others: RegisteredProvider, retired: tuple[str, ...] = ()) -> list[str]:
    """The places of everything that is wrong."""
    try:
        refuse_invalid(one, known(*others, retired=retired))
    except InvalidProvider as error:
        return [fault.place for fault in error.faults]
    return []


@pytest.mark.parametrize("kind", ProviderType)
def test_every_kind_of_provider_of_the_rule_can_be_registered(kind: ProviderType) -> None:
    profession = Profession.PHYSICIAN if kind is ProviderType.INDIVIDUAL_PRACTITIONER else None
    assert faults(entry("prv-1", type=kind, profession=profession)) == []


@pytest.mark.parametrize("profession", Profession)
def test_a_single_clinician_is_a_provider_of_its_own(profession: Profession) -> None:
    assert faults(entry("prv-1", type=ProviderType.INDIVIDUAL_PRACTITIONER, profession=profession)) == []


@pytest.mark.parametrize(
    ("changes", "place", "remark"),
    [
        ({"licences": ()}, "licences", "nothing says that it may give care"),
        ({"state": "ZZ"}, "state", "no State"),
        ({"licences": (Licence("XX", "1"),)}, "licences[0].state", "a licence of no State"),
        ({"type": ProviderType.INDIVIDUAL_PRACTITIONER}, "profession", "a practitioner of nothing"),
        ({"profession": Profession.PHYSICIAN}, "profession", "a hospital is no physician"),
        ({"parent": "prv-else"}, "parent", "nobody knows the parent"),
        ({"parent": "prv-1"}, "parent", "nobody is above itself"),
        ({"affiliates": ("prv-else",)}, "affiliates[0]", "nobody knows the affiliate"),
        ({"members": ("prv-1",)}, "members[0]", "nobody is a member of itself"),
        ({"licences": (Licence("OR", "H-1"),)}, "licences[0]", "the licence of another"),
    ],
)
def test_what_is_no_provider_of_the_rule_is_refused_with_its_place(changes: dict[str, Any], place: str, remark: str) -> None:
    assert faults(entry("prv-1", **changes), HOSPITAL) == [place], remark


@pytest.mark.parametrize("kind", [ProviderType.PARENT_ORGANIZATION, ProviderType.GOVERNMENT_PROVIDER])
def test_a_parent_organisation_and_a_government_body_need_no_licence(kind: ProviderType) -> None:
    assert faults(entry("prv-1", type=kind, licences=())) == []


def test_whoever_is_authorised_otherwise_needs_no_licence() -> None:
    assert faults(entry("prv-1", licences=(), authority="25 U.S.C. 1621t")) == []


def test_a_retired_provider_is_nobodys_parent_and_its_licence_is_free_again() -> None:
    assert faults(entry("prv-1", parent="prv-hosp"), HOSPITAL, retired=("prv-hosp",)) == ["parent"]
    assert faults(entry("prv-1", licences=HOSPITAL.licences), HOSPITAL, retired=("prv-hosp",)) == []


def test_a_chain_of_parents_has_an_end() -> None:
    below = entry("prv-below", parent="prv-top")
    assert faults(entry("prv-top", parent="prv-below"), entry("prv-top"), below) == ["parent"]
    assert ancestors("prv-a", known(entry("prv-a", parent="prv-b"), entry("prv-b", parent="prv-a"))) == ("prv-a", "prv-b")


SYSTEM = (
    entry("prv-top", type=ProviderType.PARENT_ORGANIZATION),
    entry("prv-a", parent="prv-top"),
    entry("prv-b", parent="prv-top"),
    entry("prv-clinic", parent="prv-a", affiliates=("prv-far",)),
    entry("prv-far"),
    entry("prv-else"),
)


def test_affiliated_are_all_under_one_parent_and_those_who_say_so_from_either_side() -> None:
    assert affiliated("prv-b", known(*SYSTEM)) == {"prv-top", "prv-a", "prv-clinic"}
    assert affiliated("prv-clinic", known(*SYSTEM)) == {"prv-top", "prv-a", "prv-b", "prv-far"}
    assert affiliated("prv-far", known(*SYSTEM)) == {"prv-clinic"}
    assert affiliated("prv-else", known(*SYSTEM)) == affiliated("prv-nobody", known(*SYSTEM)) == frozenset()


def test_a_retired_provider_is_affiliated_with_nobody() -> None:
    assert affiliated("prv-b", known(*SYSTEM, retired=("prv-a",))) == {"prv-top", "prv-clinic"}


def test_the_wall_of_a_component_pso_goes_down_the_chain_and_no_affiliation_crosses_it() -> None:
    parent = entry("prv-top", type=ProviderType.PARENT_ORGANIZATION, within_pso_parent=True)
    inside = entry("prv-in", parent="prv-top", within_pso_parent=True, affiliates=("prv-out",))
    outside = entry("prv-out", affiliates=("prv-in",))
    assert faults(msgspec.structs.replace(inside, within_pso_parent=False), parent, outside) == ["within_pso_parent"]
    everybody = known(parent, inside, outside)
    assert affiliated("prv-in", everybody) == {"prv-top"}
    assert affiliated("prv-out", everybody) == frozenset()


def test_every_fault_is_said_at_once() -> None:
    assert faults(entry("prv-1", state="ZZ", licences=(), parent="prv-else")) == ["state", "licences", "parent"]
