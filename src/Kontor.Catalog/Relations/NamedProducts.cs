using Kontor.Platform.Http;

namespace Kontor.Catalog.Relations;

/// <summary>Finds products by the names that requests have for them, in one statement for any number.</summary>
static class NamedProducts
{
    /// <summary>By id or slug, as addresses name one; null where there is none.</summary>
    public static async Task<Guid?> Find(Work work, string name, CancellationToken stop)
    {
        var byId = Guid.TryParseExact(name, "D", out var id);
        await using var find = work.Command(
            $"select id from products where {(byId ? "id" : "slug")} = $1",
            byId ? id : name
        );
        return await find.ExecuteScalarAsync(stop) as Guid?;
    }

    /// <summary>By id or key, as lists in bodies name them; null for each name that no product has.</summary>
    /// <remarks>What has the form of an id is one. A slug is no name here: it may be the key of another product.</remarks>
    public static async Task<IReadOnlyList<Guid?>> Find(Work work, IReadOnlyList<string> names, CancellationToken stop)
    {
        if (names.Count == 0)
            return [];
        await using var find = work.Command(
            """
            select n.place, p.id from unnest($1::uuid[]) with ordinality n(id, place) join products p on p.id = n.id
            union all
            select n.place, p.id from unnest($2::text[]) with ordinality n(key, place) join products p on p.key = n.key
            """,
            names.Select(name => Guid.TryParseExact(name, "D", out var id) ? id : (Guid?)null).ToArray(),
            names.Select(name => !Guid.TryParseExact(name, "D", out _) && Keys.Is(name) ? name : null).ToArray()
        );
        var found = new Guid?[names.Count];
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found[reader.GetInt64(0) - 1] = reader.GetGuid(1);
        return found;
    }
}
