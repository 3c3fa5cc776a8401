"""Revisions of denominators into the warehouse, and the strata that follow from them: one transaction, or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from schemas.taxonomy import ProviderType
from stream_processors.domain.denominators import Denominator, DenominatorKind
from stream_processors.domain.strata import size_band
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect
from stream_processors.warehouse.tables import transposed


def load(
    database_url: str,
    denominators: Sequence[Denominator],
    provider_types: Mapping[str, ProviderType],
    password: str | None = None,
) -> tuple[int, list[int]]:
    """How many were new, and the places of those whose revision is there with another quantity: they change nothing.

    A revision that is there already changes nothing either, so the same file may be loaded again. Raises Unavailable.
    """
    with away_is_unavailable(), connect(database_url, "pso-denominators", password) as connection, connection.transaction():
        connection.execute(_LOCK)
        rows = [(d.provider, d.month, str(d.kind), d.revision, d.quantity) for d in denominators]
        columns = transposed(rows, 5)
        added = connection.execute(_ADD, columns).rowcount
        contradicting = [place - 1 for (place,) in connection.execute(_CONTRADICTING, columns).fetchall()]
        _stratify(connection, provider_types)
    return added, contradicting


def _stratify(connection: Connection, provider_types: Mapping[str, ProviderType]) -> None:
    told: dict[str, dict[tuple[DenominatorKind, str], int]] = defaultdict(dict)
    for provider, kind, month, quantity in connection.execute(_TOLD).fetchall():
        told[provider][DenominatorKind(kind), month] = quantity
    known = sorted(provider_types)
    bands = [str(size_band(told[provider])) for provider in known]
    connection.execute(_STRATA, (known, [str(provider_types[provider]) for provider in known], bands))


_LOCK = "select pg_advisory_xact_lock(hashtextextended('pso_stream denominators', 0))"
_ADD = """
insert into protected.denominators (provider, month, kind, revision, quantity)
select * from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) on conflict do nothing
"""
_CONTRADICTING = """
select g.place
from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
  with ordinality as g (provider, month, kind, revision, quantity, place)
join protected.denominators d using (provider, month, kind, revision)
where d.quantity is distinct from g.quantity
order by g.place
"""
_TOLD = "select provider, kind, month, quantity from protected.denominators_current"
_STRATA = """
insert into protected.provider_strata as held (provider, provider_type, size_band)
select * from unnest(%s::text[], %s::text[], %s::text[])
on conflict (provider) do update set
  provider_type = excluded.provider_type, size_band = excluded.size_band, changed_at = now()
where (held.provider_type, held.size_band) <> (excluded.provider_type, excluded.size_band)
"""
