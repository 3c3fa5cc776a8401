"""Who may do what in the warehouse: one table, granted by `migrate` and compared by `verify`."""

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import sql

from stream_processors.warehouse.connections import Connection

OWNER = "pso_owner"
ROLES = (
    OWNER,
    "pso_migrate",
    "pso_sink",
    "pso_vault",
    "pso_operator",
    "pso_auditor",
    "pso_publisher",
    "pso_registrar",
    "pso_receipts",
    "pso_custodian",
    "pso_analyst_protected",
    "pso_analyst_anonymized",
    "pso_analyst_nonidentified",
    "pso_analyst_published",
)
SCHEMAS = ("operations", "protected", "anonymized", "nonidentified", "published", "vault", "receipts")

Holding = tuple[str, str, str, str]
"""role, privilege, schema, relation or function, column or nothing."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role may do with one relation; with columns, only to them."""

    role: str
    privileges: tuple[str, ...]
    relation: str
    columns: tuple[str, ...] = ()

    @property
    def schema(self) -> str:
        """The schema of the relation."""
        return self.relation.partition(".")[0]

    def holdings(self) -> Iterator[Holding]:
        """As the catalogue of PostgreSQL lists them."""
        for privilege in self.privileges:
            for column in self.columns or ("",):
                yield self.role, privilege, self.relation, column


_READ = ("SELECT",)
_APPEND = ("SELECT", "INSERT")
_KEEP = ("SELECT", "INSERT", "UPDATE")
_PLACE = ("topic", "partition", "kafka_offset")
_EVENT = ("provider", "event_id", "revision", "digest", "action", "policy_version", "arrangement", "test", "loaded_at")
_ORIGIN = ("origin_topic", "origin_partition", "origin_offset")
_DISCLOSED = ("event", "revision", "digest", "engine", "manifest", *_PLACE)

CUBES = ("event", "state", "medication", "device", "factor")

GRANTS = (
    # Sinks add. Only what is one row per key may be changed, and nothing may be deleted.
    Grant("pso_sink", _APPEND, "protected.arrangement_versions"),
    Grant("pso_sink", _APPEND, "protected.event_revisions"),
    Grant("pso_sink", _APPEND, "protected.classifications"),
    Grant("pso_sink", _APPEND, "protected.dead_letters"),
    Grant("pso_sink", _APPEND, "anonymized.event_revisions"),
    Grant("pso_sink", _APPEND, "nonidentified.event_revisions"),
    Grant("pso_sink", _APPEND, "protected.alerts"),
    Grant("pso_sink", _KEEP, "protected.contributions"),
    Grant("pso_sink", ("INSERT",), "protected.contributions_superseded"),
    Grant("pso_sink", _KEEP, "protected.cell_counts"),
    Grant("pso_sink", _KEEP, "protected.signals"),
    Grant("pso_sink", _KEEP, "operations.sink_positions"),
    # The vault alone knows whom a surrogate stands for; the auditor needs it to follow an event into another grade.
    Grant("pso_vault", _APPEND, "vault.surrogates"),
    Grant("pso_vault", _APPEND, "vault.date_offsets"),
    Grant("pso_vault", _READ, "vault.combination_snapshots"),
    # Whoever counts what is rare needs to be an analyst as well, who reads the events, and is written down.
    Grant("pso_operator", _APPEND, "vault.combination_snapshots"),
    Grant("pso_auditor", _READ, "vault.combination_snapshots", ("hash", "events", "made_by", "reason", "made_at")),
    # Operators replay dead letters and watch positions; they see no event.
    Grant("pso_operator", _READ, "protected.dead_letters"),
    Grant("pso_operator", ("UPDATE",), "protected.dead_letters", ("replayed_at",)),
    # Whoever releases a quarantined record is a person of the PSO's workforce, and is written down.
    Grant("pso_operator", _APPEND, "protected.quarantine_decisions"),
    Grant("pso_auditor", _READ, "protected.quarantine_decisions"),
    # Whoever reads stored narratives to compare two versions of the engine needs to be an analyst as well, and is written down.
    Grant("pso_operator", ("INSERT",), "protected.narrative_readings"),
    Grant("pso_auditor", _READ, "protected.narrative_readings"),
    # Whoever measures the quality of what providers send needs to be an analyst as well; what came out is added.
    Grant("pso_operator", ("INSERT",), "protected.quality_runs"),
    Grant("pso_operator", ("INSERT",), "protected.quality_measures"),
    Grant("pso_operator", _READ, "operations.migrations"),
    Grant("pso_operator", _READ, "operations.sink_positions"),
    # Operators load denominators, which are about no event, and add revisions: what was loaded stays.
    Grant("pso_operator", _APPEND, "protected.denominators"),
    Grant("pso_operator", _READ, "protected.denominators_current"),
    Grant("pso_operator", _KEEP, "protected.provider_strata"),
    # Auditors reconcile: keys and positions, never a record.
    Grant("pso_auditor", _READ, "protected.event_revisions", (*_EVENT, "closed_grades", "destroyed", *_ORIGIN, *_PLACE)),
    Grant("pso_auditor", _READ, "protected.classifications"),
    Grant("pso_auditor", _READ, "protected.contributions"),
    Grant("pso_auditor", _READ, "protected.cell_counts"),
    Grant("pso_auditor", _READ, "protected.dead_letters"),
    Grant("pso_auditor", _READ, "anonymized.event_revisions", _DISCLOSED),
    Grant("pso_auditor", _READ, "nonidentified.event_revisions", _DISCLOSED),
    # Invented events are about nobody: what was left of their words is compared with what was planted in them.
    Grant("pso_auditor", _READ, "anonymized.test_events"),
    Grant("pso_auditor", _READ, "nonidentified.test_events"),
    Grant("pso_auditor", _READ, "vault.surrogates"),
    Grant("pso_auditor", _READ, "operations.migrations"),
    Grant("pso_auditor", _READ, "operations.sink_positions"),
    # Publishers make releases from counts by contributor; they see no event, and change nothing that is there.
    Grant("pso_publisher", _READ, "protected.cell_counts", ("cell", "contributor", "count")),
    Grant("pso_publisher", _READ, "protected.arrangement_terms"),
    Grant("pso_publisher", _APPEND, "protected.release_counts"),
    Grant("pso_publisher", _APPEND, "protected.release_decisions"),
    Grant("pso_publisher", _APPEND, "published.releases"),
    Grant("pso_publisher", _APPEND, "published.cells"),
    Grant("pso_auditor", _READ, "protected.release_decisions"),
    # Registrars keep who reports, and see no event. The auditor reads what they wrote.
    Grant("pso_registrar", _APPEND, "protected.provider_revisions"),
    Grant("pso_auditor", _READ, "protected.provider_revisions"),
    Grant("pso_registrar", _READ, "protected.arrangement_versions"),
    Grant("pso_auditor", _READ, "protected.arrangement_versions"),
    # Custodians carry out what contracts say of keeping, destroying and feedback; who hands over is an analyst as well.
    Grant("pso_custodian", _READ, "protected.arrangement_versions"),
    Grant("pso_custodian", _READ, "protected.dispositions"),
    Grant("pso_custodian", _READ, "protected.disposed_revisions"),
    Grant("pso_custodian", _APPEND, "protected.feedback_given"),
    Grant("pso_auditor", _READ, "protected.dispositions"),
    Grant("pso_auditor", _READ, "protected.disposed_revisions"),
    Grant("pso_auditor", _READ, "protected.feedback_given"),
    # Analysts read one grade.
    Grant("pso_analyst_protected", _READ, "protected.event_revisions"),
    Grant("pso_analyst_protected", _READ, "protected.events_current"),
    Grant("pso_analyst_protected", _READ, "protected.classifications"),
    Grant("pso_analyst_protected", _READ, "protected.classifier_answers"),
    Grant("pso_analyst_protected", _READ, "protected.contributions"),
    Grant("pso_analyst_protected", _READ, "protected.contributions_superseded"),
    Grant("pso_analyst_protected", _READ, "protected.cell_counts"),
    Grant("pso_analyst_protected", _READ, "protected.cells"),
    Grant("pso_analyst_protected", _READ, "protected.events_counted"),
    *(Grant("pso_analyst_protected", _READ, f"protected.cube_{name}") for name in CUBES),
    Grant("pso_analyst_protected", _READ, "protected.denominators"),
    Grant("pso_analyst_protected", _READ, "protected.denominators_current"),
    Grant("pso_analyst_protected", _READ, "protected.provider_strata"),
    Grant("pso_analyst_protected", _READ, "protected.provider_rates"),
    Grant("pso_analyst_protected", _READ, "protected.stratum_rates"),
    Grant("pso_analyst_protected", _READ, "protected.signals"),
    Grant("pso_analyst_protected", _READ, "protected.alerts"),
    Grant("pso_analyst_protected", _READ, "protected.open_alerts"),
    Grant("pso_analyst_protected", _READ, "protected.quality_runs"),
    Grant("pso_analyst_protected", _READ, "protected.quality_measures"),
    Grant("pso_analyst_anonymized", _READ, "anonymized.events_current"),
    Grant("pso_analyst_nonidentified", _READ, "nonidentified.events_current"),
    Grant("pso_analyst_published", _READ, "published.releases"),
    Grant("pso_analyst_published", _READ, "published.cells"),
)

CALLS = (
    # A gateway asks how one event ended whose place it knows; it sees no table.
    Grant("pso_receipts", ("EXECUTE",), "receipts.end_of"),
    # What may be destroyed is decided by the owner's function, from the contract in effect: nobody may delete or update.
    Grant("pso_custodian", ("EXECUTE",), "protected.disposable"),
    Grant("pso_custodian", ("EXECUTE",), "protected.not_handed_over"),
    Grant("pso_custodian", ("EXECUTE",), "protected.hand_over"),
    Grant("pso_custodian", ("EXECUTE",), "protected.destroy"),
)
"""Functions that run with the owner's rights, each the only one of its name."""

_USAGE = frozenset((grant.role, grant.schema) for grant in (*GRANTS, *CALLS))


def expected() -> frozenset[Holding]:
    """Everything that anybody but the owner may do in these schemas."""
    usage = {(role, "USAGE", schema, "") for role, schema in _USAGE}
    return frozenset(usage | {holding for grant in (*GRANTS, *CALLS) for holding in grant.holdings()})


def held(connection: Connection) -> frozenset[Holding]:
    """Everything that anybody but the owner can do in these schemas now."""
    rows = connection.execute(_HELD, {"schemas": list(SCHEMAS), "owner": OWNER}).fetchall()
    return frozenset((str(role), str(privilege), str(name), str(column)) for role, privilege, name, column in rows)


def grant_all(connection: Connection) -> None:
    """Give what is missing and take what is too much. Everything is owned by the role that runs this."""
    now, wanted = held(connection), expected()
    for holding in sorted(now - wanted):
        connection.execute(_statement("revoke {} on {} {} from {}", holding))
    for holding in sorted(wanted - now):
        connection.execute(_statement("grant {} on {} {} to {}", holding))


def _statement(form: str, holding: Holding) -> sql.Composed:
    role, privilege, name, column = holding
    what = sql.SQL(privilege + (" ({})" if column else "")).format(sql.Identifier(column or "none"))
    kind = sql.SQL("schema" if "." not in name else "function" if privilege == "EXECUTE" else "table")
    who = sql.SQL("public") if role == "public" else sql.Identifier(role)
    return sql.SQL(form).format(what, kind, sql.Identifier(*name.split(".")), who)


_HELD = """
with granted as (
  select n.nspname as name, '' as of_column, a.grantee, a.privilege_type
  from pg_namespace n cross join aclexplode(n.nspacl) a
  where n.nspname = any(%(schemas)s)
  union all
  select n.nspname || '.' || c.relname, '', a.grantee, a.privilege_type
  from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join aclexplode(c.relacl) a
  where n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  union all
  select n.nspname || '.' || c.relname, t.attname, a.grantee, a.privilege_type
  from pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace
  cross join aclexplode(t.attacl) a
  where n.nspname = any(%(schemas)s) and not t.attisdropped
  union all
  select n.nspname || '.' || p.proname, '', a.grantee, a.privilege_type
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a  -- without a word everybody may call it
  where n.nspname = any(%(schemas)s) and p.prosecdef
)
select coalesce(r.rolname, 'public'), privilege_type, name, of_column
from granted left join pg_roles r on r.oid = grantee
where r.rolname is distinct from %(owner)s
"""
