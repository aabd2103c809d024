using System.Data;
using System.Runtime.CompilerServices;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Exports;

/// <summary>A product to be written out.</summary>
/// <param name="OnHand">Pieces at the main location, by SKU; nothing of bundles, and of what was never counted.</param>
sealed record ExportedProduct(ProductView View, IReadOnlyDictionary<string, long> OnHand);

/// <summary>The catalogue at one moment, product by product in the order in which they came.</summary>
/// <remarks>Pages of it are read in one transaction of the level repeatable read: what is written while it lasts is not seen, and
/// waits for nothing. It has no transaction id, so nobody's numbering waits for it.</remarks>
sealed class ExportSnapshot : IAsyncDisposable
{
    const int Products = 200;

    /// <summary>So many variants are held at once: a single product may have all of them.</summary>
    const int Variants = 5_000;

    readonly NpgsqlConnection connection;
    readonly NpgsqlTransaction transaction;

    ExportSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, ExportWanted wanted) =>
        (this.connection, this.transaction, Wanted) = (connection, transaction, wanted);

    public ExportWanted Wanted { get; }

    public static async Task<ExportSnapshot> Open(CatalogDatabase database, ExportWanted wanted, CancellationToken stop)
    {
        var opened = await database.Source.OpenConnectionAsync(stop);
        try
        {
            var begun = await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            return new(opened, begun, wanted);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>All that are not deleted; of a context for shoppers those that they are shown.</summary>
    public async IAsyncEnumerable<ExportedProduct> Read(
        PriceContext prices,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        for (var last = Guid.Empty; await Next(last, stop) is { Count: > 0 } page; last = page[^1].Id)
        for (var from = 0; from < page.Count; )
        {
            var (to, variants) = (from, 0L);
            while (to < page.Count && (to == from || variants + page[to].Variants <= Variants))
                variants += page[to++].Variants;
            var ids = page.Skip(from).Take(to - from).Select(one => one.Id).ToArray();
            var onHand = await OnHand(ids, stop);
            foreach (var view in await ProductReader.Whole(connection, ids, prices, stop))
                yield return new(view, onHand);
            from = to;
        }
    }

    /// <summary>Whatever any product has in the columns of a flat form.</summary>
    public async Task<ExportColumns> Columns(CancellationToken stop)
    {
        var attributes = await Texts(
            """
            select distinct (a->>'level' = 'variant')::text || ' ' || (a->>'key') from product_types t
            cross join jsonb_array_elements(t.attributes) a where $1::text is null or t.key = $1 order by 1
            """,
            stop,
            Wanted.Type
        );
        var currencies = await Texts("select distinct currency from prices order by 1", stop);
        return new(attributes, currencies);
    }

    async Task<List<(Guid Id, long Variants)>> Next(Guid last, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand(
            $"""
            select p.id, (select count(*) from variants v where v.product = p.id) from products p
            where p.id > $1 and p.deleted_at is null and ($2::text is null or p.type = $2)
            and ($3::text is null or p.id in (
                select pc.product from product_categories pc join categories c on c.id = pc.category where c.key = $3))
            order by p.id limit {Products}
            """,
            connection
        ).With(last, Wanted.Type, Wanted.Category);
        return [.. await find.Rows(row => (row.GetGuid(0), row.GetInt64(1)), stop)];
    }

    async Task<Dictionary<string, long>> OnHand(Guid[] products, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand(
            """
            select v.sku, (select s.on_hand from stock s where s.variant = v.id and s.location = $2)
            from variants v where v.product = any($1) and not v.is_bundle
            """,
            connection
        ).With((object)products, StockLevel.MainLocation);
        var rows = await find.Rows(
            row => (Sku: row.GetString(0), Pieces: row.IsDBNull(1) ? (long?)null : row.GetInt64(1)),
            stop
        );
        return rows.Where(row => row.Pieces is not null)
            .ToDictionary(row => row.Sku, row => row.Pieces ?? 0, StringComparer.Ordinal);
    }

    async Task<IReadOnlyList<string>> Texts(string sql, CancellationToken stop, params object?[] values)
    {
        await using var find = new NpgsqlCommand(sql, connection).With(values);
        return await find.Rows(row => row.GetString(0), stop);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
