-- The pooled counts of which the nonidentifiable disclosure asks what is rare, by the hash of their bytes. Never changed: a replay
-- asks the snapshot that the records were made with. P0, for it says how many events of what kind each contributor has.
create table vault.combination_snapshots (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  content bytea not null,
  events bigint not null,
  made_by text not null check (made_by <> ''),
  reason text not null check (reason <> ''),
  made_at timestamptz not null default now()
);

-- A seed from which the invented names of one event are drawn, where an arrangement has them stand for names in P1.
alter table vault.surrogates drop constraint surrogates_kind_check;
alter table vault.surrogates add constraint surrogates_kind_check check (kind in ('event', 'contributor', 'names'));

-- How far the dates of one patient are moved in P3: random, derived from nothing, kept for ever.
create table vault.date_offsets (
  patient text primary key,
  days integer not null check (days between -364 and 364 and days <> 0)
);
