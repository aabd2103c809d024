using System.Collections.Frozen;
using Kontor.Catalog.Categories;
using Kontor.Catalog.Merchandising;
using Kontor.Catalog.Places;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Texts;
using Npgsql;

namespace Kontor.Catalog.Search.Fields;

/// <summary>What search knows beside the products: which fields there are, what things are called, what a channel sells in,
/// what merchandisers want.</summary>
/// <param name="Currencies">What each channel shows prices in where nobody says otherwise, by its key.</param>
sealed record ShopBooks(
    FieldBook Fields,
    CategoryBook Categories,
    FrozenDictionary<string, string> Currencies,
    RuleBook Rules
)
{
    public static readonly ShopBooks Empty = new(
        FieldBook.Empty,
        CategoryBook.Empty,
        FrozenDictionary<string, string>.Empty,
        RuleBook.Empty
    );

    /// <summary>All of it. Small beside the products: types, categories, channels and rules are made by hand.</summary>
    public static async Task<ShopBooks> Read(CatalogDatabase database, CancellationToken stop)
    {
        var rules = await RuleBook.Read(database, stop);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var read = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select key, title, version, generation, attributes::text from product_types"),
                new(
                    $"""
                    select c.key, c.title, c.translations::text, p.key, (
                            select array_agg(pc.product order by pc.position) from product_categories pc
                            where pc.category = c.id and pc.position < {CategoryOrder.Unplaced}
                        )
                    from categories c left join categories p on p.id = c.parent
                    """
                ),
                new("select key, currency from channels where currency is not null"),
            },
        };
        await using var reader = await read.ExecuteReaderAsync(stop);
        var types = new List<TypeDefinition>();
        while (await reader.ReadAsync(stop))
            types.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetInt64(2),
                    reader.GetInt64(3),
                    TypeBook.Stored(reader.GetString(4))
                )
            );
        await reader.NextResultAsync(stop);
        var categories = new List<KnownCategory>();
        while (await reader.ReadAsync(stop))
            categories.Add(
                new(
                    reader.GetString(0),
                    new TitleRow(reader.GetString(1), CategoryTitles.Of(reader.GetString(2))),
                    reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.IsDBNull(4) ? [] : reader.GetFieldValue<Guid[]>(4)
                )
            );
        await reader.NextResultAsync(stop);
        var currencies = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            currencies.Add(reader.GetString(0), reader.GetString(1));
        return new(new(types), new(categories), currencies.ToFrozenDictionary(StringComparer.Ordinal), rules);
    }
}
