-- What the system knows about itself: applied migrations, and how far every sink has come.
create schema operations;

create table operations.migrations (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default now()
);

-- Written in the transaction of the rows: it alone says what has been read. Kafka's committed offsets are for lag tools.
create table operations.sink_positions (
  sink text not null,
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  primary key (sink, topic, partition)
);
