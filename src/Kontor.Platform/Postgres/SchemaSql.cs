namespace Kontor.Platform.Postgres;

/// <summary>The SQL around the scripts: where they are recorded, each service's role and schema, and its rights.</summary>
static class SchemaSql
{
    public const string Ledger = """
        create schema if not exists kontor;
        revoke all on schema kontor from public;
        create table if not exists kontor.scripts (
            service    text not null,
            name       text not null,
            sha256     text not null,
            applied_at timestamptz not null default clock_timestamp(),
            primary key (service, name)
        );
        """;

    /// <summary>The role and the schema of a service, before its scripts.</summary>
    /// <remarks>
    /// No statement_timeout: it also runs while a commit waits for a synchronous standby, and a commit that it cuts short
    /// is reported as a success that a failover then loses. Reads and statements inside a transaction are bounded by the
    /// client's command timeout, waits for a lock and forgotten transactions by the two settings here, which end
    /// in an error and never in half a commit.
    /// </remarks>
    public static string Room(ServiceSchema service) =>
        $"""
            do $room$
            begin
                if not exists (select from pg_roles where rolname = {Text(service.Role)}) then
                    create role {Name(
                service.Role
            )} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
                end if;
            exception when duplicate_object or unique_violation then
                null; -- another database of this server is being migrated at the same moment
            end $room$;
            create schema if not exists {Name(service.Name)};
            do $room$
            begin
                if not exists (
                    select from pg_roles
                    where rolname = {Text(service.Role)}
                        and rolconfig @> array['search_path={service.Name}', 'lock_timeout=5s', 'idle_in_transaction_session_timeout=60s']
                ) then
                    alter role {Name(service.Role)} set search_path = {Name(service.Name)};
                    alter role {Name(service.Role)} set lock_timeout = '5s';
                    alter role {Name(service.Role)} set idle_in_transaction_session_timeout = '60s';
                end if;
            exception when insufficient_privilege then
                raise notice 'the settings of role % are left as they are', {Text(service.Role)};
            end $room$;
            """;

    public static string Password(string role, string verifier) =>
        $"alter role {Name(role)} password {Text(verifier)};";

    /// <summary>The rights of a service's role, given anew after its scripts. Events are never changed nor deleted: of the
    /// journal only the sequence may be written.</summary>
    public static string Rights(ServiceSchema service) =>
        $"""
            revoke all on schema {Name(service.Name)} from public;
            revoke all on all tables in schema {Name(service.Name)} from public;
            revoke all on all routines in schema {Name(service.Name)} from public;
            grant usage on schema {Name(service.Name)}, kontor to {Name(service.Role)};
            grant select on kontor.scripts to {Name(service.Role)};
            grant select, insert, update, delete on all tables in schema {Name(service.Name)} to {Name(service.Role)};
            grant usage, select on all sequences in schema {Name(service.Name)} to {Name(service.Role)};
            grant execute on all routines in schema {Name(service.Name)} to {Name(service.Role)};
            do $rights$
            declare
                part regclass;
            begin
                if to_regclass({Text(Name(service.Name) + ".journal")}) is null then
                    return;
                end if;
                for part in
                    select {Text(Name(service.Name) + ".journal")}::regclass
                    union select relid from pg_partition_tree({Text(Name(service.Name) + ".journal")})
                loop
                    execute format('revoke all on %s from %I', part, {Text(service.Role)});
                end loop;
                grant select, insert, update (sequence) on {Name(service.Name)}.journal to {Name(service.Role)};
            end $rights$;
            """;

    public static string Record(ServiceSchema service, SchemaScript script) =>
        $"insert into kontor.scripts (service, name, sha256) values ({Text(service.Name)}, {Text(script.Name)}, {Text(script.Sha256)});";

    public static string Enter(ServiceSchema service) => $"set search_path = {Name(service.Name)};";

    static string Name(string word) => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
