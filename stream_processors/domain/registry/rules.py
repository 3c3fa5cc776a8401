"""What makes an entry of the registry a provider of 42 CFR 3.20. Every fault at once, with its paragraph where there is one."""

from collections.abc import Callable, Iterator, Mapping

from schemas.taxonomy import ProviderType
from stream_processors.domain.deidentification.states import STATES
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.registry.affiliation import ancestors
from stream_processors.domain.registry.provider import RegisteredProvider, Revision

Known = Mapping[str, Revision]
"""The newest revision of every provider in the registry, by id."""

_SINGLE = ProviderType.INDIVIDUAL_PRACTITIONER
_UNLICENSED = frozenset({ProviderType.PARENT_ORGANIZATION, ProviderType.GOVERNMENT_PROVIDER})
"""Provider (2) and (3) of 42 CFR 3.20 are providers without a licence of their own."""


class InvalidProvider(Faulty):
    """The registry cannot take this entry."""


def refuse_invalid(provider: RegisteredProvider, known: Known) -> None:
    """Raises InvalidProvider with everything that is wrong with an entry beside what the registry holds."""
    if found := [fault for rule in _RULES for fault in rule(provider, known)]:
        raise InvalidProvider(found)


def _places(provider: RegisteredProvider, _known: Known) -> Iterator[Fault]:
    for place, code in (
        ("state", provider.state),
        *((f"licences[{n}].state", x.state) for n, x in enumerate(provider.licences)),
    ):
        if code not in STATES:
            yield Fault(place, "is not the postal code of a State or territory")


def _licensed(provider: RegisteredProvider, _known: Known) -> Iterator[Fault]:
    if provider.type not in _UNLICENSED and not provider.licences and not provider.authority.strip():
        reason = "is licensed or otherwise authorized under State law: name a licence or the authority"
        yield Fault("licences", f"a provider {reason} (42 CFR 3.20, provider (1))")


def _profession(provider: RegisteredProvider, _known: Known) -> Iterator[Fault]:
    if provider.type is _SINGLE and provider.profession is None:
        yield Fault("profession", "an individual practitioner has one (42 CFR 3.20, provider (1)(ii))")
    if provider.type is not _SINGLE and provider.profession is not None:
        yield Fault("profession", "only an individual practitioner has one (42 CFR 3.20, provider (1)(ii))")
    if provider.type is _SINGLE and provider.members:
        yield Fault("members", "an individual practitioner has none: register the office or group practice")


def _own_licences(provider: RegisteredProvider, known: Known) -> Iterator[Fault]:
    """One licence is one provider: a second entry would split its events between two contributors."""
    held = {licence: other.provider.id for other in known.values() if not other.retired for licence in other.provider.licences}
    for number, licence in enumerate(provider.licences):
        if held.get(licence, provider.id) != provider.id:
            yield Fault(f"licences[{number}]", f"is that of {held[licence]}")


def _relatives(provider: RegisteredProvider, known: Known) -> Iterator[Fault]:
    named = [("parent", provider.parent)] if provider.parent else []
    named += [(f"affiliates[{n}]", one) for n, one in enumerate(provider.affiliates)]
    named += [(f"members[{n}]", one) for n, one in enumerate(provider.members)]
    for place, one in named:
        if one == provider.id:
            yield Fault(place, "is the provider itself")
        elif one not in known:
            yield Fault(place, "is not in the registry: add it first")
        elif known[one].retired:
            yield Fault(place, "is retired")


def _chain(provider: RegisteredProvider, known: Known) -> Iterator[Fault]:
    if provider.parent in known and provider.id in ancestors(str(provider.parent), known):
        yield Fault("parent", "is below this provider already: a chain of parents has an end")


def _wall(provider: RegisteredProvider, known: Known) -> Iterator[Fault]:
    """What lies below a provider behind the wall lies behind it: else the parent would read it through the child."""
    above = known.get(provider.parent or "")
    if above is not None and above.provider.within_pso_parent and not provider.within_pso_parent:
        yield Fault(
            "within_pso_parent", "its parent is within the PSO's parent organization, and so is it (42 CFR 3.102(c)(1)(i))"
        )


_RULES: tuple[Callable[[RegisteredProvider, Known], Iterator[Fault]], ...] = (
    _places,
    _licensed,
    _profession,
    _own_licences,
    _relatives,
    _chain,
    _wall,
)
