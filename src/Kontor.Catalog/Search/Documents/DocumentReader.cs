using System.Collections.Concurrent;
using System.Data;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Texts;
using Kontor.Platform.Data;
using Kontor.Search;
using Npgsql;

namespace Kontor.Catalog.Search.Documents;

/// <summary>Reads products as the index finds them, any number with the same few statements, from one snapshot. Any thread.</summary>
sealed class DocumentReader(CatalogDatabase database, Languages languages)
{
    const int MostKept = 2_000;

    /// <summary>By key and by the id that changes with it.</summary>
    volatile ConcurrentDictionary<(string Key, Guid Definition), TypeDefinition> types = new();

    public async Task<DocumentBatch> Read(DocumentChoice choice, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        var read = await Rows(connection, snapshot, choice, stop);
        var known = await Learn(connection, snapshot, read.Products, stop);
        await snapshot.CommitAsync(stop);
        return read.Made(known, languages.Default);
    }

    /// <summary>What can be had of variants, and of bundles that have them, by their SKUs.</summary>
    /// <param name="classed">Of which the class changed somewhere.</param>
    /// <param name="stocked">Of which the number changed.</param>
    public async Task<MovedBatch> Classes(string[] classed, string[] stocked, CancellationToken stop)
    {
        await using var find = database.Source.CreateCommand(DocumentSql.Classes).With(classed, stocked);
        await using var reader = await find.ExecuteReaderAsync(stop);
        var moved = new Dictionary<Guid, List<VariantChange>>();
        var moments = new List<(Guid, DateTimeOffset)>();
        while (await reader.ReadAsync(stop))
        {
            var product = reader.GetGuid(0);
            if (!moved.TryGetValue(product, out var variants))
                moved[product] = variants = [];
            variants.Add(new(reader.GetGuid(1), VariantRow.ClassOf(reader.GetString(2))));
            if (ProductRow.MomentOf(reader, 3) is { } at)
                moments.Add((product, at));
        }
        return new(
            moved.ToDictionary(product => product.Key, IReadOnlyList<VariantChange> (product) => product.Value),
            moments
        );
    }

    /// <summary>The ids that a statement finds.</summary>
    public async Task<IReadOnlyList<Guid>> Ids(string sql, object[] values, CancellationToken stop)
    {
        await using var find = database.Source.CreateCommand(sql).With(values);
        await using var reader = await find.ExecuteReaderAsync(stop);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(stop))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>What moves of some products: availability and prices.</summary>
    public async Task<MovedBatch> Moved(Guid[] products, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        var choice = DocumentChoice.Of(products);
        await using var batch = new NpgsqlBatch(connection, snapshot);
        batch.Add(DocumentSql.Now);
        Add(batch, DocumentSql.Variants(choice), choice);
        Add(batch, DocumentSql.BasePrices(choice), choice);
        Add(batch, DocumentSql.PriceRows(choice), choice);
        Add(batch, DocumentSql.Moments(choice), choice);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var rows = new DocumentSnapshot(reader.GetFieldValue<DateTimeOffset>(0));
        await Each(reader, row => rows.Variants.Add(VariantRow.Of(row)), stop);
        await Each(reader, rows.Prices.AddBase, stop);
        await Each(reader, rows.Prices.AddRow, stop);
        await Each(reader, row => rows.Moments[row.GetGuid(0)] = row.GetFieldValue<DateTimeOffset>(1), stop);
        return rows.Moved();
    }

    static async Task<DocumentSnapshot> Rows(
        NpgsqlConnection connection,
        NpgsqlTransaction snapshot,
        DocumentChoice choice,
        CancellationToken stop
    )
    {
        await using var batch = new NpgsqlBatch(connection, snapshot);
        batch.Add(DocumentSql.Now);
        Add(batch, DocumentSql.Products(choice), choice);
        Add(batch, DocumentSql.Channels(choice), choice);
        Add(batch, DocumentSql.Categories(choice), choice);
        Add(batch, DocumentSql.Placements(choice), choice);
        Add(batch, DocumentSql.Variants(choice), choice);
        Add(batch, DocumentSql.BasePrices(choice), choice);
        Add(batch, DocumentSql.PriceRows(choice), choice);
        Add(batch, DocumentSql.Moments(choice), choice);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var rows = new DocumentSnapshot(reader.GetFieldValue<DateTimeOffset>(0));
        await Each(reader, row => rows.Products.Add(ProductRow.Of(row)), stop);
        await Each(reader, row => rows.AddChannel(row.GetGuid(0), row.GetString(1)), stop);
        await Each(
            reader,
            row => rows.AddCategory(row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2)),
            stop
        );
        await Each(reader, row => rows.AddPlacement(row.GetGuid(0), row.GetGuid(1)), stop);
        await Each(reader, row => rows.Variants.Add(VariantRow.Of(row)), stop);
        await Each(reader, rows.Prices.AddBase, stop);
        await Each(reader, rows.Prices.AddRow, stop);
        await Each(reader, row => rows.Moments[row.GetGuid(0)] = row.GetFieldValue<DateTimeOffset>(1), stop);
        return rows;
    }

    static void Add(NpgsqlBatch batch, string sql, DocumentChoice choice) => batch.Add(sql, [.. choice.Values]);

    static async Task Each(NpgsqlDataReader reader, Action<NpgsqlDataReader> take, CancellationToken stop)
    {
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            take(reader);
    }

    /// <summary>The definitions, those that are not known yet read in the snapshot of the products that are of them.</summary>
    async Task<ConcurrentDictionary<(string, Guid), TypeDefinition>> Learn(
        NpgsqlConnection connection,
        NpgsqlTransaction snapshot,
        IEnumerable<ProductRow> products,
        CancellationToken stop
    )
    {
        // Old definitions are forgotten all at once, and nobody's hands are emptied by it.
        var known = types.Count > MostKept ? types = new() : types;
        var keys = products
            .Select(product => product.Type)
            .Distinct()
            .Where(type => !known.ContainsKey(type))
            .Select(type => type.Key)
            .ToArray();
        if (keys.Length == 0)
            return known;
        await using var find = new NpgsqlCommand(DocumentSql.Definitions, connection, snapshot).With(keys);
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var type = new TypeDefinition(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                TypeBook.Stored(reader.GetString(4))
            );
            known[(type.Key, reader.GetGuid(5))] = type;
        }
        return known;
    }
}
