-- What the trained classifier says besides its codes: how sure it was, where the words stand that spoke for them (offsets, never
-- the words), the details of a medication event, and the serious reportable events that a reviewer is asked about.
alter table protected.classifications
  add column confidence jsonb,
  add column evidence jsonb not null default '[]',
  add column medication jsonb,
  add column never_events text[] not null default '{}';
