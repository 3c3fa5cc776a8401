-- Random surrogates, never derived from what they stand for (42 CFR 3.212(a)(3)). One per subject and grade.
create schema vault;

create table vault.surrogates (
  kind text not null check (kind in ('event', 'contributor')),
  grade text not null,
  subject text not null,
  surrogate text not null unique,
  primary key (kind, grade, subject)
);
