"""Whether the parties of a contract are whom the registry knows: asked before a version of it is put in force."""

from collections.abc import Iterator, Mapping

from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.deidentification.words import spelled
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.registry.affiliation import affiliated, ancestors
from stream_processors.domain.registry.provider import Revision

Known = Mapping[str, Revision]


class RegistryDisagrees(Faulty):
    """The contract names somebody otherwise than the registry; every fault with its place."""


def refuse_strangers(document: ArrangementDocument, known: Known) -> None:
    """Raises RegistryDisagrees with everything in which contract and registry differ.

    A test arrangement is about nobody: its provider is invented and in no registry.
    """
    if document.test:
        return
    if found := [*_provider(document, known), *_affiliates(document, known), *_states(document, known)]:
        raise RegistryDisagrees(found)


def without_their_names(document: ArrangementDocument, known: Known) -> list[str]:
    """Ids of those whom the registry calls by a name that the contract does not list, though it goes from all that leaves.

    Of the provider, its parents, members and affiliates (42 CFR 3.206(b)(4)(iv)(A)). Their names are told to nobody here.
    """
    provider = document.parties.provider
    if document.test or provider not in known:
        return []
    listed = {" ".join(spelled(name)) for name in document.parties.names}
    named = {*ancestors(provider, known), *affiliated(provider, known), *known[provider].provider.members}
    return sorted(one for one in named if one in known and " ".join(spelled(known[one].provider.name)) not in listed)


def _provider(document: ArrangementDocument, known: Known) -> Iterator[Fault]:
    place, id_ = "parties.provider", document.parties.provider
    if id_ not in known:
        yield Fault(place, "is not in the registry: `pso provider add` it first")
        return
    if known[id_].retired:
        yield Fault(place, "is retired: a provider that reports no more has no contract put in force")
    entry = known[id_].provider
    if entry.type is not document.parties.provider_type:
        yield Fault("parties.provider_type", f"the registry says {entry.type}")
    if entry.parent is not None and (entry.parent not in known or known[entry.parent].retired):
        yield Fault(place, f"the registry puts it below {entry.parent}, which is retired or unknown: say its parent anew")


def _affiliates(document: ArrangementDocument, known: Known) -> Iterator[Fault]:
    """Affiliated are those whom parent chains or the registry's own words make so (42 CFR 3.20), never across the wall."""
    provider = document.parties.provider
    family = affiliated(provider, known)
    for number, one in enumerate(document.parties.affiliates):
        place = f"parties.affiliates[{number}]"
        if one not in known:
            yield Fault(place, "is not in the registry: `pso provider add` it first")
        elif known[one].retired:
            yield Fault(place, "is retired")
        elif provider in known and _behind(one, known) is not _behind(provider, known):
            yield Fault(place, "stands on the other side of the wall around the PSO's parent organization (42 CFR 3.102(c))")
        elif provider in known and one not in family:
            yield Fault(place, "is no affiliated provider: no common parent, and neither side is said to be (42 CFR 3.20)")


def _behind(id_: str, known: Known) -> bool:
    return known[id_].provider.within_pso_parent


def _states(document: ArrangementDocument, known: Known) -> Iterator[Fault]:
    """The law of a State binds who is there or is licensed there; one that is elsewhere was meant for another contract."""
    parties = (document.parties.provider, *document.parties.affiliates)
    entries = [known[one].provider for one in parties if one in known]
    there = {one.state for one in entries} | {licence.state for one in entries for licence in one.licences}
    for number, law in enumerate(document.state_law):
        if entries and law.state not in there:
            yield Fault(f"state_law[{number}].state", f"the registry knows the parties in {', '.join(sorted(there))} alone")
