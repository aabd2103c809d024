using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>What stands in the catalogue, as a verdict asks for it: a statement for each attribute.</summary>
static class LiveProducts
{
    /// <summary>Looks that one change may ask for: writers of the type wait meanwhile.</summary>
    public const int MaxLooks = 100;

    public static async Task<Result<VerdictView>> Judge(
        NpgsqlConnection connection,
        MigrationPlan plan,
        CancellationToken stop
    )
    {
        var products = await Count(connection, plan.From.Key, stop);
        var looks = Verdict.ToLookAt(plan);
        if (products == 0)
            return Verdict.Of(plan, 0, []);
        if (looks.Count + plan.Left.Count > MaxLooks)
            return Rejections.ProductTypeChangeTooLarge;
        var violations = new List<Violation>();
        foreach (var way in looks)
            violations.AddRange(Verdict.Judge(way, await Values(connection, plan.From.Key, way, stop)));
        foreach (var gone in plan.Left)
            if (await Having(connection, plan.From.Key, gone, stop) is { Count: > 0 } having)
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

    /// <summary>The values of an attribute, each once, with how many have it and who.</summary>
    static async Task<List<Standing>> Values(
        NpgsqlConnection connection,
        string type,
        MigrationPlan.Way way,
        CancellationToken stop
    )
    {
        await using var find = new NpgsqlCommand(
            way.To.Level == AttributeLevel.Product
                ? $"""
                select (attributes -> $2)::text, count(*), (array_agg(key order by id))[1:{Verdict.MaxExamples}]
                from products where type = $1 group by attributes -> $2
                """
                : $"""
                select (v.attributes -> $2)::text, count(*), (array_agg(v.sku order by v.id))[1:{Verdict.MaxExamples}]
                from products p join variants v on v.product = p.id where p.type = $1 group by v.attributes -> $2
                """,
            connection
        ).With(type, way.From?.Key ?? "");
        var found = new List<Standing>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(
                new(
                    await reader.IsDBNullAsync(0, stop) ? null : ValueForms.Json(reader.GetString(0)),
                    reader.GetInt64(1),
                    reader.GetFieldValue<string[]>(2)
                )
            );
        return found;
    }

    static async Task<Standing> Having(
        NpgsqlConnection connection,
        string type,
        AttributeDefinition gone,
        CancellationToken stop
    )
    {
        await using var find = new NpgsqlCommand(
            gone.Level == AttributeLevel.Product
                ? $"""
                select count(*), coalesce((array_agg(key order by id))[1:{Verdict.MaxExamples}], array[]::text[])
                from products where type = $1 and attributes ? $2
                """
                : $"""
                select count(*), coalesce((array_agg(v.sku order by v.id))[1:{Verdict.MaxExamples}], array[]::text[])
                from products p join variants v on v.product = p.id where p.type = $1 and v.attributes ? $2
                """,
            connection
        ).With(type, gone.Key);
        await using var reader = await find.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new(null, reader.GetInt64(0), reader.GetFieldValue<string[]>(1));
    }
}
