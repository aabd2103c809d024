using Kontor.Search;
using Npgsql;
using StockClass = Kontor.Search.Availability;

namespace Kontor.Catalog.Search.Documents;

/// <summary>What was read of some products, from one snapshot.</summary>
/// <param name="Documents">Of those that are published.</param>
/// <param name="Moments">When a product has to be read again though nothing happens: the next moment for each.</param>
sealed record DocumentBatch(
    IReadOnlyList<SearchDocument> Documents,
    IReadOnlyList<(Guid Product, DateTimeOffset At)> Moments
);

/// <summary>A product's own row.</summary>
sealed record ProductRow(
    Guid Id,
    DateTimeOffset CreatedAt,
    (string Key, Guid Definition) Type,
    string Title,
    string? Description,
    string Texts,
    string Attributes,
    SearchVisibility Visibility,
    bool IsEverywhere
)
{
    public static ProductRow Of(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetFieldValue<DateTimeOffset>(1),
            (row.GetString(2), row.GetGuid(3)),
            row.GetString(4),
            row.IsDBNull(5) ? null : row.GetString(5),
            row.GetString(6),
            row.GetString(7),
            new(null, MomentOf(row, 8), MomentOf(row, 9)),
            row.GetBoolean(10)
        );

    public static DateTimeOffset? MomentOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

sealed record VariantRow(Guid Id, Guid Product, string Sku, string Attributes, StockClass Class)
{
    public static VariantRow Of(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), ClassOf(row.GetString(4)));

    public static StockClass ClassOf(string word) =>
        word switch
        {
            "inStock" => StockClass.InStock,
            "preorder" => StockClass.Preorder,
            "backorder" => StockClass.Backorder,
            _ => StockClass.OutOfStock,
        };
}

/// <summary>The prices of variants in one snapshot: those that hold, and when that is another question.</summary>
/// <param name="now">The database's clock, as it decides elsewhere.</param>
sealed class PriceRows(DateTimeOffset now)
{
    static readonly IReadOnlyList<PriceRow> None = [];

    readonly Dictionary<Guid, List<PriceRow>> byVariant = [];
    readonly Dictionary<Guid, DateTimeOffset> changes = [];

    public IReadOnlyList<PriceRow> Of(Guid variant) => byVariant.GetValueOrDefault(variant) ?? None;

    public DateTimeOffset? ChangeOf(Guid variant) => changes.TryGetValue(variant, out var at) ? at : null;

    public void AddBase(NpgsqlDataReader row) =>
        Add(row.GetGuid(0), new(row.GetString(1), row.GetInt64(2), 0, default));

    public void AddRow(NpgsqlDataReader row)
    {
        var variant = row.GetGuid(0);
        var (from, until) = (ProductRow.MomentOf(row, 9), ProductRow.MomentOf(row, 10));
        if (from > now)
            Note(variant, from.Value);
        else if (until > now)
            Note(variant, until.Value);
        var own = new PriceFor(Text(row, 4), Text(row, 5), Text(row, 7));
        var listed = new PriceFor(null, Text(row, 6), Text(row, 8));
        if ((from is null || from <= now) && own.And(listed) is { } both)
            Add(variant, new(row.GetString(1), row.GetInt64(2), row.GetInt64(3), both));
    }

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    void Add(Guid variant, PriceRow row)
    {
        if (!byVariant.TryGetValue(variant, out var rows))
            byVariant[variant] = rows = new(1);
        rows.Add(row);
    }

    void Note(Guid variant, DateTimeOffset at)
    {
        if (!changes.TryGetValue(variant, out var known) || at < known)
            changes[variant] = at;
    }
}
