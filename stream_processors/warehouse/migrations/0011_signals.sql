-- What the methods on settings say beside the rule for rare events; empty where a method has no such number.
alter table protected.signals
  add column setting text not null default '',
  add column pattern_events bigint,
  add column expected double precision,
  add column stratum text,
  add column score double precision,
  add column threshold double precision,
  add column look bigint,
  add column alpha_spent double precision,
  add column parameters text,
  add column reading text not null default 'disproportionate reporting; look, do not conclude',
  drop constraint signals_pkey,
  add primary key (method, category, harm, month, setting, counts_partition);
