-- What the classifier said of each event that counts, beside what its reporter coded: one row an event with words, by the month
-- of its entry into the PSES, else of its arrival here. From it `pso classifier drift` takes its shares.
create view protected.classifier_answers as
select
  e.provider,
  e.event_id,
  to_char(coalesce(e.pses_entered_at, e.loaded_at) at time zone 'UTC', 'YYYY-MM') as month,
  c.classifier,
  e.report_type as reported_type,
  e.event ->> 'harm' as reported_harm,
  c.report_type,
  c.categories,
  c.harm
from protected.events_current e
cross join lateral (
  select * from protected.classifications
  where provider = e.provider and event_id = e.event_id and revision = e.revision and confidence is not null
  order by policy_version desc, digest desc
  limit 1
) c
where e.action <> 'withdraw';
