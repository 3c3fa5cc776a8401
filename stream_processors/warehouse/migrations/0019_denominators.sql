-- What counts are divided by (grade P0): every revision as it was loaded. The highest counts; without a quantity it takes
-- the former back.
create table protected.denominators (
  provider text not null,
  month text not null,
  kind text not null,
  revision bigint not null,
  quantity bigint,
  loaded_at timestamptz not null default now(),
  primary key (provider, month, kind, revision)
);

create view protected.denominators_current as
select provider, month, kind, revision, quantity, loaded_at
from (
  select distinct on (provider, month, kind) * from protected.denominators order by provider, month, kind, revision desc
) as newest
where quantity is not null;

-- Which providers are similar: made by domain/strata.py whenever denominators are loaded.
create table protected.provider_strata (
  provider text primary key,
  provider_type text not null,
  size_band text not null,
  changed_at timestamptz not null default now()
);

-- Events of each provider and month for which it told a denominator, each once; a month without events counts with zero.
create view protected.provider_rates as
with events as (
  select provider, month, count(*) as events from protected.events_counted group by provider, month
)
select
  d.provider, s.provider_type, s.size_band, d.month, d.kind, coalesce(e.events, 0) as events, d.quantity,
  round(1000.0 * coalesce(e.events, 0) / nullif(d.quantity, 0), 3) as per_thousand
from protected.denominators_current d
join protected.provider_strata s on s.provider = d.provider
left join events e on e.provider = d.provider and e.month = d.month;

create view protected.stratum_rates as
select
  provider_type, size_band, month, kind, count(*) as providers, sum(events)::bigint as events,
  sum(quantity)::bigint as quantity, round(1000.0 * sum(events) / nullif(sum(quantity), 0), 3) as per_thousand
from protected.provider_rates
group by provider_type, size_band, month, kind;

-- protected.denominators_current as it was known at a time.
create function protected.denominators_known(at timestamptz)
returns table (provider text, month text, kind text, revision bigint, quantity bigint)
language sql stable
begin atomic
  select newest.provider, newest.month, newest.kind, newest.revision, newest.quantity
  from (
    select distinct on (d.provider, d.month, d.kind) d.provider, d.month, d.kind, d.revision, d.quantity
    from protected.denominators d where d.loaded_at <= at
    order by d.provider, d.month, d.kind, d.revision desc
  ) as newest
  where newest.quantity is not null;
end;
