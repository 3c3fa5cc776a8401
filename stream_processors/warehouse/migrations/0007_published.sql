-- Releases of counts (grade A). Made once, never changed: what was published cannot be taken back.
create table published.releases (
  release_id text primary key,
  period text not null,
  revision integer not null check (revision > 0),
  manifest jsonb not null,
  unique (period, revision)
);

-- `published` is null where the cell is hidden.
create table published.cells (
  release_id text not null references published.releases,
  table_id text not null,
  row_label text not null,
  column_label text not null,
  layer_label text not null,
  published bigint,
  primary key (release_id, table_id, row_label, column_label, layer_label)
);

-- Who let it go, and why. The digest of what went in stays here: by it, whoever guesses a hidden count could confirm it.
create table protected.release_decisions (
  release_id text primary key references published.releases,
  decided_by text not null check (decided_by <> ''),
  reason text not null check (reason <> ''),
  counts_sha256 text not null,
  released_at timestamptz not null default now()
);

-- The counts that a release was made from, by contributor: the guard subtracts them from those of the next.
create table protected.release_counts (
  release_id text not null references published.releases,
  cell text not null,
  contributor text not null,
  count bigint not null,
  primary key (release_id, cell, contributor)
);

create function published.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'a release is never changed' using errcode = 'insufficient_privilege';
end
$$;
create trigger never_changed before update or delete or truncate on published.releases
  for each statement execute function published.refuse_change();
create trigger never_changed before update or delete or truncate on published.cells
  for each statement execute function published.refuse_change();
create trigger never_changed before update or delete or truncate on protected.release_decisions
  for each statement execute function published.refuse_change();
create trigger never_changed before update or delete or truncate on protected.release_counts
  for each statement execute function published.refuse_change();
