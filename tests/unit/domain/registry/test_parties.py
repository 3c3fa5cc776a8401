"""Contract and registry: who is unknown, retired, elsewhere, nobody's affiliate or behind the wall has no contract in force."""

from typing import Any

import msgspec
import pytest

from schemas.taxonomy import ProviderType
from stream_processors.domain.contract.document import ArrangementDocument, StateLaw
from stream_processors.domain.contract.reading import parse_document
from stream_processors.domain.registry.parties import RegistryDisagrees, refuse_strangers, without_their_names
from stream_processors.domain.registry.provider import Licence, Revision
from tests.support.documents import WIDE
from tests.unit.domain.registry.test_registry import entry, known

PROVIDER = "prv-8f3k2m"
PARENT = entry("prv-top", type=ProviderType.PARENT_ORGANIZATION, licences=())
HERE = entry(PROVIDER, parent="prv-top")
SISTER = entry("prv-sister", parent="prv-top")


def contract(affiliates: tuple[str, ...] = (), state: str = "", **changes: Any) -> ArrangementDocument:
    document = parse_document(WIDE)
    parties = msgspec.structs.replace(document.parties, affiliates=affiliates)
    law = (StateLaw(state, "a statute"),) if state else ()
    return msgspec.structs.replace(document, parties=parties, state_law=law, **changes)


def places(document: ArrangementDocument, registry: dict[str, Revision]) -> list[str]:
    try:
        refuse_strangers(document, registry)
    except RegistryDisagrees as error:
        return [fault.place for fault in error.faults]
    return []


TABLE = [
    ("as the registry has it", contract(("prv-sister",), "OR"), known(PARENT, HERE, SISTER), []),
    ("unknown", contract(), {}, ["parties.provider"]),
    ("retired", contract(), known(PARENT, HERE, retired=(PROVIDER,)), ["parties.provider"]),
    ("another kind", contract(), known(entry(PROVIDER, type=ProviderType.PHARMACY)), ["parties.provider_type"]),
    ("its parent is retired", contract(), known(PARENT, HERE, retired=("prv-top",)), ["parties.provider"]),
    ("its parent is unknown", contract(), known(HERE), ["parties.provider"]),
    ("an affiliate that nobody knows", contract(("prv-x",)), known(PARENT, HERE), ["parties.affiliates[0]"]),
    ("a retired affiliate", contract(("prv-sister",)), known(PARENT, HERE, SISTER, retired=("prv-sister",)),
     ["parties.affiliates[0]"]),
    ("an affiliate of another parent", contract(("prv-x",)), known(PARENT, HERE, entry("prv-x")), ["parties.affiliates[0]"]),
    ("said by either side", contract(("prv-x",)), known(PARENT, HERE, entry("prv-x", affiliates=(PROVIDER,))), []),
    ("across the wall", contract(("prv-x",)),
     known(PARENT, HERE, entry("prv-x", affiliates=(PROVIDER,), within_pso_parent=True)), ["parties.affiliates[0]"]),
    ("the law of a State where nobody is", contract(state="PA"), known(PARENT, HERE), ["state_law[0].state"]),
    ("licensed there", contract(state="PA"), known(entry(PROVIDER, licences=(Licence("PA", "H-1"),))), []),
    ("an affiliate is there", contract(("prv-sister",), "PA"),
     known(PARENT, HERE, entry("prv-sister", parent="prv-top", state="PA")), []),
    ("an invented one is in no registry", contract(test=True), {}, []),
]  # fmt: skip


@pytest.mark.parametrize(("remark", "document", "registry", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_a_contract_is_put_in_force_with_whom_the_registry_knows(
    remark: str, document: ArrangementDocument, registry: dict[str, Revision], expected: list[str]
) -> None:
    assert places(document, registry) == expected


def test_every_difference_is_said_at_once_and_the_wall_with_its_paragraph() -> None:
    behind = entry("prv-x", affiliates=(PROVIDER,), within_pso_parent=True)
    with pytest.raises(RegistryDisagrees) as refused:
        refuse_strangers(contract(("prv-x",), "GU"), known(PARENT, HERE, behind, retired=(PROVIDER,)))
    said = "\n".join(map(str, refused.value.faults))
    assert len(refused.value.faults) == 3
    assert "42 CFR 3.102(c)" in said


def test_whose_registered_names_the_contract_does_not_list_is_told_by_id() -> None:
    registry = known(
        entry("prv-top", type=ProviderType.PARENT_ORGANIZATION, licences=(), name="Saltgrass Health"),
        entry(PROVIDER, parent="prv-top", name="Juniper Bay Hospital", members=("prv-member",)),
        entry("prv-sister", parent="prv-top", name="Tern Point Clinic"),
        entry("prv-member", name="Juniper Bay Pharmacy"),
        entry("prv-other", name="Elsewhere Hospital"),
    )
    document = contract()
    assert without_their_names(document, registry) == [PROVIDER, "prv-member", "prv-sister", "prv-top"]
    parties = msgspec.structs.replace(document.parties, names=("JUNIPER BAY HOSPITAL", "Saltgrass-Health", "Tern Point Clinic"))
    assert without_their_names(msgspec.structs.replace(document, parties=parties), registry) == ["prv-member"]
    assert without_their_names(contract(test=True), registry) == []
