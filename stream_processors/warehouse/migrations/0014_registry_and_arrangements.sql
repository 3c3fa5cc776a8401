-- The providers that report to this PSO (grade P0: that somebody reports is protected by itself, 42 CFR 3.20). A correction is a
-- new revision; nothing is changed or deleted.
create table protected.provider_revisions (
  provider text not null,
  revision integer not null check (revision > 0),
  record jsonb not null,
  retired boolean not null default false,
  reason text not null default '',
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  primary key (provider, revision)
);

create trigger never_changed before update or delete or truncate on protected.provider_revisions
  for each statement execute function published.refuse_change();

-- The grades that the contract of an event closes: nothing of it is expected there.
alter table protected.event_revisions add column closed_grades text[] not null default '{}';

-- Every version of every contract that was activated (docs/decisions/0013). The topic is what the flow obeys; this is for people.
create table protected.arrangement_versions (
  arrangement text not null,
  policy_version bigint not null,
  digest bytea not null,
  provider text not null,
  effective_at timestamptz not null,
  document jsonb not null,
  counts_leave boolean not null,
  threshold integer not null,
  contributors integer not null,
  activated_by text not null,
  reason text not null,
  topic text not null,
  partition integer not null,
  kafka_offset bigint not null,
  loaded_at timestamptz not null default now(),
  primary key (arrangement, policy_version, digest)
);

-- What a release of counts must know of the contracts in effect: of each the highest version, of that the one that was there first.
create view protected.arrangement_terms as
select distinct on (arrangement) arrangement, policy_version, provider, counts_leave, threshold, contributors
from protected.arrangement_versions
where effective_at <= now()
order by arrangement, policy_version desc, kafka_offset;
