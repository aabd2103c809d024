using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>Stock rows that somebody has locked, to change what is on hand, incoming or offered; those that are not there
/// yet as if they were, with nothing.</summary>
sealed class LockedStock(
    IReadOnlyDictionary<(string Sku, string Location), StockRow> rows,
    IReadOnlyCollection<string> locations
)
{
    /// <summary>Some of the rows that were locked together, to be written with words of their own.</summary>
    public static LockedStock Of(IEnumerable<StockRow> rows) =>
        new(rows.ToDictionary(row => (row.Sku, row.Location)), []);

    /// <summary>Those of the locations asked for that exist.</summary>
    public IReadOnlyCollection<string> Locations => locations;

    /// <summary>Those of the SKUs asked for that are bundles, which have no stock of their own.</summary>
    public IReadOnlyCollection<string> Bundles { get; init; } = [];

    /// <summary>Null where the variant or the location does not exist.</summary>
    public StockRow? Find(string sku, string location) => rows.GetValueOrDefault((sku, location));

    public IEnumerable<StockRow> ToWrite =>
        rows.Values.Where(row => row.HasChanged || row is { IsNew: true, IsLeft: true });
}

/// <summary>Locks stock rows and writes them: the way of everybody who is not the desk.</summary>
/// <remarks>
/// The variants are locked in the order of their ids, so that two cannot both bring a row that is not there yet, then the
/// rows in (variant, location) order, as the desk locks them. Reserved is the desk's and never written here.
/// </remarks>
static class StockLedger
{
    public static async Task<LockedStock> Lock(
        Work work,
        IReadOnlyCollection<(string Sku, string Location)> places,
        CancellationToken stop
    )
    {
        var wanted = places.Distinct().ToArray();
        var skus = wanted.Select(place => place.Sku).ToArray();
        await using var batch = work.Batch();
        batch.Add(
            "select key, priority, active from locations where key = any($1)",
            [Distinct(wanted.Select(p => p.Location))]
        );
        batch.Add(
            "select id, sku, is_bundle from variants where sku = any($1) order by id for no key update",
            [Distinct(skus)]
        );
        batch.Add(
            $"""
            select v.sku, s.location, {StockLevel.Columns}
            from unnest($1::text[], $2::text[]) w(sku, location)
            join variants v on v.sku = w.sku join stock s on s.variant = v.id and s.location = w.location
            order by s.variant, s.location for update of s
            """,
            skus,
            wanted.Select(place => place.Location).ToArray()
        );
        await using var reader = await batch.ExecuteReaderAsync(stop);
        return await Read(reader, wanted, stop);
    }

    static async Task<LockedStock> Read(
        NpgsqlDataReader reader,
        (string Sku, string Location)[] wanted,
        CancellationToken stop
    )
    {
        var locations = new Dictionary<string, Place>(StringComparer.Ordinal);
        var variants = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var levels = new Dictionary<(string, string), StockLevel>();
        var bundles = new List<string>();
        while (await reader.ReadAsync(stop))
            locations.Add(reader.GetString(0), new(reader.GetString(0), reader.GetInt32(1), reader.GetBoolean(2)));
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            variants.Add(reader.GetString(1), reader.GetGuid(0));
            if (reader.GetBoolean(2))
                bundles.Add(reader.GetString(1));
        }
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            levels.Add((reader.GetString(0), reader.GetString(1)), StockLevel.Of(reader, 2));
        return new(
            wanted
                .Where(place => variants.ContainsKey(place.Sku) && locations.ContainsKey(place.Location))
                .ToDictionary(
                    place => place,
                    place => new StockRow(
                        variants[place.Sku],
                        place.Sku,
                        locations[place.Location],
                        levels.GetValueOrDefault(place)
                    )
                    {
                        IsNew = !levels.ContainsKey(place),
                    }
                ),
            locations.Keys
        )
        {
            Bundles = bundles,
        };
    }

    /// <summary>The same of places that must all be there.</summary>
    public static async Task<Result<LockedStock>> LockKnown(
        Work work,
        IReadOnlyCollection<string> locations,
        IReadOnlyCollection<string> skus,
        CancellationToken stop
    )
    {
        var stock = await Lock(work, [.. locations.SelectMany(location => skus.Select(sku => (sku, location)))], stop);
        if (
            locations.FirstOrDefault(location => !stock.Locations.Contains(location, StringComparer.Ordinal)) is
            { } location
        )
            return Rejections.UnknownLocation.Because($"'{location}' does not exist.");
        string[] unknown = [.. skus.Where(sku => locations.Any(l => stock.Find(sku, l) is null))];
        if (unknown.Length > 0)
            return Rejections.UnknownSku.At(unknown, _ => "No variant has this SKU.");
        return stock.Bundles.Count == 0 ? stock : Rejections.SkuIsBundle.At(stock.Bundles, _ => "It is a bundle.");
    }

    /// <summary>A refusal with a reason for each of these SKUs.</summary>
    public static Rejection At(this Rejection rejection, IEnumerable<string> skus, Func<string, string> reason) =>
        rejection with
        {
            Errors = skus.ToDictionary(sku => $"lines.{sku}", sku => (string[])[reason(sku)], StringComparer.Ordinal),
        };

    /// <summary>Writes the rows that changed, in one round trip, and says what happened to them.</summary>
    /// <exception cref="PostgresException">A rule of the table is broken, no_oversell among them: whoever decided
    /// has let it through.</exception>
    public static async Task Write(
        Work work,
        LockedStock stock,
        Movement said,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        StockRow[] rows =
        [
            .. stock.ToWrite.OrderBy(row => row.Variant).ThenBy(row => row.Location, StringComparer.Ordinal),
        ];
        if (rows.Length == 0)
            return;
        await using var batch = work.Batch();
        batch.Add("select set_config('kontor.movement', $1, true)", JsonSerializer.Serialize(said, KontorJson.Options));
        batch.Add(
            """
            insert into stock (variant, location, on_hand, incoming, backorder_limit, safety_stock, owed, preorder_limit, preorder_until)
            select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                $8::bigint[], $9::timestamptz[])
            on conflict (variant, location) do update set on_hand = excluded.on_hand, incoming = excluded.incoming,
                backorder_limit = excluded.backorder_limit, safety_stock = excluded.safety_stock, owed = excluded.owed,
                preorder_limit = excluded.preorder_limit, preorder_until = excluded.preorder_until
            """,
            rows.Select(row => row.Variant).ToArray(),
            rows.Select(row => row.Location).ToArray(),
            rows.Select(row => row.Level.OnHand).ToArray(),
            rows.Select(row => row.Level.Incoming).ToArray(),
            rows.Select(row => row.Level.BackorderLimit).ToArray(),
            rows.Select(row => row.Level.SafetyStock).ToArray(),
            rows.Select(row => row.Level.Owed).ToArray(),
            rows.Select(row => row.Level.PreorderLimit).ToArray(),
            rows.Select(row => row.Level.PreorderUntil).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
        foreach (var row in rows.Where(row => row.HasChanged))
            StockLevel.Changed(work, row, said.Kind, now);
    }

    static string[] Distinct(IEnumerable<string> words) => [.. words.Distinct(StringComparer.Ordinal)];
}
