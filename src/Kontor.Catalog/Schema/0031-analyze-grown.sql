-- Statistics that keep up with an import. Locks: none of old tables.

-- The autovacuum analyses a table within a minute or so; an import makes one from nothing to 100,000 rows in seconds, and
-- every statement that was planned for few rows, of the index's follower too, reads all of them until then. Only a table's
-- owner may analyse it.
create function analyze_grown() returns int language plpgsql security definer set search_path from current as $$
declare
    grown regclass;
    analyzed int := 0;
begin
    for grown in
        select c.oid from pg_stat_user_tables s join pg_class c on c.oid = s.relid
        where s.schemaname = current_schema() and s.n_mod_since_analyze > greatest(1000, 2 * c.reltuples)
    loop
        execute format('analyze %s', grown);
        analyzed := analyzed + 1;
    end loop;
    return analyzed;
end $$;
comment on function analyze_grown() is 'Analyses tables that are three times what they were; how many it were.';
revoke all on function analyze_grown() from public;
