-- The duties as group roles. Not numbered: it runs at every migration, because roles belong to the cluster and a restored
-- database may come to one that does not know them. Nobody logs in as one of these: logins are made members of them.
do $$
declare
  duty text;
begin
  foreach duty in array array[
    'pso_owner', 'pso_migrate', 'pso_sink', 'pso_vault', 'pso_operator', 'pso_auditor', 'pso_publisher', 'pso_registrar', 'pso_receipts', 'pso_custodian',
    'pso_analyst_protected', 'pso_analyst_anonymized', 'pso_analyst_nonidentified', 'pso_analyst_published'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = duty) then
      begin
        execute format('create role %I nologin', duty);
      exception when duplicate_object or unique_violation then
        null; -- another database of this cluster was migrated at the same moment
      end;
    end if;
  end loop;

  if not pg_has_role('pso_migrate', 'pso_owner', 'member') then
    begin
      grant pso_owner to pso_migrate;
    exception when unique_violation or internal_error then
      null; -- likewise
    end;
  end if;

  begin
    set local role pso_owner;
    reset role;
  exception when insufficient_privilege then
    execute format('grant pso_owner to %I', session_user); -- the creator of a role may not act as it by itself
  end;

  if not has_database_privilege('pso_owner', current_database(), 'create') then
    execute format('grant create on database %I to pso_owner', current_database());
  end if;
  if not has_database_privilege('pso_auditor', current_database(), 'temporary') then
    execute format('grant temporary on database %I to pso_auditor', current_database());
  end if;
end
$$;
