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

-- Events of each provider and month for which it told a denominator; a month without events counts with zero.
-- The cube `event` holds every event once: event/harm/report_type/state/month.
create view protected.provider_rates as
with events as (
  select contributor as provider, split_part(cell, '/', 5) as month, sum(count)::bigint as events
  from protected.cube_counts where cell like 'event/%' group by 1, 2
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
