"""Who is affiliated with whom: 42 CFR 3.20, affiliated provider. Disclosures under 3.206(b)(4)(iii) follow these lines only."""

from collections.abc import Mapping

from stream_processors.domain.registry.provider import RegisteredProvider, Revision

Known = Mapping[str, Revision]


def ancestors(id_: str, known: Known) -> tuple[str, ...]:
    """The provider and the chain of its parents upwards; it ends where somebody is unknown or comes a second time."""
    chain: list[str] = []
    here: str | None = id_
    while here is not None and here in known and here not in chain:
        chain.append(here)
        here = known[here].provider.parent
    return tuple(chain)


def affiliated(id_: str, known: Known) -> frozenset[str]:
    """The providers affiliated with this one: below one parent, above or below it, or said to be, by either side.

    Legally separate providers under common ownership, management or control, or with a common parent; never the provider
    itself, never a retired one, and never across the wall of a component PSO (3.102(c)).
    """
    if id_ not in known:
        return frozenset()
    top = ancestors(id_, known)[-1]
    family = {other for other in known if ancestors(other, known)[-1] == top}
    said = {other for other in known if _says(known[other].provider, id_)} | set(known[id_].provider.affiliates)
    return frozenset(one for one in (family | said) - {id_} if one in known and _may_meet(known[id_], known[one]))


def _says(provider: RegisteredProvider, id_: str) -> bool:
    return id_ in provider.affiliates


def _may_meet(one: Revision, other: Revision) -> bool:
    return not other.retired and one.provider.within_pso_parent is other.provider.within_pso_parent
