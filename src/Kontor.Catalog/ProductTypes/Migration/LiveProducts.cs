using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>What stands in the catalogue, as a verdict asks for it: a statement for each attribute.</summary>
static class LiveProducts
{
    /// <summary>Looks that one change may ask for.</summary>
    public const int MaxLooks = 100;

    /// <summary>A moment to look from: what transactions wrote that a statement after it may not have seen yet.</summary>
    public static async Task<string> Now(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var now = new NpgsqlCommand("select pg_snapshot_xmin(pg_current_snapshot())::text", connection);
        return (string)(await now.ExecuteScalarAsync(stop))!;
    }

    /// <summary>The verdict on what stands, or only on what was written since a moment.</summary>
    public static async Task<Result<VerdictView>> Judge(
        NpgsqlConnection connection,
        MigrationPlan plan,
        CancellationToken stop,
        string? since = null
    )
    {
        // Whoever judges what was written since holds the type alone: a look through all of it for each attribute would
        // keep writers out for longer than they wait.
        if (since is not null && !await IsAnyWrittenSince(connection, plan.From.Key, since, stop))
            return Verdict.Of(plan, 0, []);
        var products = await Count(connection, plan.From.Key, stop);
        var looks = Verdict.ToLookAt(plan);
        if (products == 0)
            return Verdict.Of(plan, 0, []);
        if (looks.Count + plan.Left.Count > MaxLooks)
            return Rejections.ProductTypeChangeTooLarge;
        var violations = new List<Violation>();
        var time = new MatchTime(MatchTime.OfVerdict);
        foreach (var way in looks)
        {
            var look = new Look(way, time);
            await LookAt(connection, plan.From.Key, (way, look), since, stop);
            if (look.Undecided is { } undecided)
                return undecided;
            violations.AddRange(look.Broken);
        }
        foreach (var gone in plan.Left)
            if (await Having(connection, plan.From.Key, gone, since, stop) is { Count: > 0 } having)
                violations.Add(
                    new(
                        gone.Key,
                        plan.RuleOf(gone),
                        "They have a value that would go: drop it or rename the attribute in a migration.",
                        having.Count,
                        having.Examples
                    )
                );
        return Verdict.Of(plan, products, violations);
    }

    public static async Task<long> Count(NpgsqlConnection connection, string type, CancellationToken stop)
    {
        await using var count = new NpgsqlCommand("select count(*) from products where type = $1", connection).With(
            type
        );
        return (long)(await count.ExecuteScalarAsync(stop))!;
    }

    static async Task<bool> IsAnyWrittenSince(
        NpgsqlConnection connection,
        string type,
        string since,
        CancellationToken stop
    )
    {
        await using var find = new NpgsqlCommand(
            """
            select exists (select from products p where p.type = $1 and age(p.xmin) <= age($2::xid8::xid))
                or exists (
                    select from products p join variants v on v.product = p.id
                    where p.type = $1 and age(v.xmin) <= age($2::xid8::xid)
                )
            """,
            connection
        ).With(type, since);
        return (bool)(await find.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Looks at the values of an attribute, each once, with how many have it and ten of them.</summary>
    /// <remarks>Value by value as they come, for all of them together may be a gigabyte.</remarks>
    static async Task LookAt(
        NpgsqlConnection connection,
        string type,
        (MigrationPlan.Way Way, Look Look) at,
        string? since,
        CancellationToken stop
    )
    {
        var (way, look) = at;
        var (row, name) = Named(way.To.Level);
        await using var find = new NpgsqlCommand(
            $"""
            select value::text, count(*), array_agg(name) filter (where place <= {Verdict.MaxExamples})
            from (
                select value, name, row_number() over (partition by value) as place
                from (
                    select {row}.attributes -> $2 as value, {name} as name
                    from {Rows(way.To.Level)} where p.type = $1 {Since(row, since)}
                ) named
            ) numbered group by value
            """,
            connection
        ).With(Values(type, way.From?.Key ?? "", since));
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (look.Undecided is null && await reader.ReadAsync(stop))
            look.At(
                new(
                    await reader.IsDBNullAsync(0, stop) ? null : ValueForms.Json(reader.GetString(0)),
                    reader.GetInt64(1),
                    reader.GetFieldValue<string[]>(2)
                )
            );
    }

    static async Task<Standing> Having(
        NpgsqlConnection connection,
        string type,
        AttributeDefinition gone,
        string? since,
        CancellationToken stop
    )
    {
        var (row, name) = Named(gone.Level);
        await using var find = new NpgsqlCommand(
            $"""
            with having_it as (
                select {name} as name from {Rows(gone.Level)}
                where p.type = $1 and {row}.attributes ? $2 {Since(row, since)}
            )
            select count(*), array(select name from having_it limit {Verdict.MaxExamples}) from having_it
            """,
            connection
        ).With(Values(type, gone.Key, since));
        await using var reader = await find.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new(null, reader.GetInt64(0), reader.GetFieldValue<string[]>(1));
    }

    static (string Row, string Name) Named(AttributeLevel level) =>
        level == AttributeLevel.Product ? ("p", "p.key") : ("v", "v.sku");

    static string Rows(AttributeLevel level) =>
        level == AttributeLevel.Product ? "products p" : "products p join variants v on v.product = p.id";

    static string Since(string row, string? since) => since is null ? "" : $"and age({row}.xmin) <= age($3::xid8::xid)";

    static object[] Values(string type, string attribute, string? since) =>
        since is null ? [type, attribute] : [type, attribute, since];
}
