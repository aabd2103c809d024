using Kontor.Catalog.Caching;
using Kontor.Catalog.Prices;
using Kontor.Journal;
using Kontor.Platform.Caching;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.Products.Reading;

/// <summary>A product with what its body depends on.</summary>
/// <param name="Now">The moment of the statement, by the database's clock.</param>
/// <param name="End">When its publication ends.</param>
sealed record ReadProduct(ProductView View, DateTimeOffset Now, DateTimeOffset? End)
{
    public Dependencies On { get; init; } = Dependencies.None;

    /// <summary>How long after it was read its body is right by itself.</summary>
    public TimeSpan? Lasts => new[] { On.Change, End, View.PricesChangeAt }.Min() - Now;

    public TimeSpan? Shown => End - Now;

    public bool HasDependencies =>
        View.Variants.Any(variant => Dependencies.Has(variant.Availability, variant.Components is not null));

    /// <summary>Everything that can change it, so that nothing else has to be asked when it does.</summary>
    public IReadOnlyList<string> Tags()
    {
        var parts = View.Variants.SelectMany(variant => variant.Components ?? []);
        return
        [
            Caching.Tags.Product(View.Id),
            Caching.Tags.Type(View.Type),
            .. View.Variants.Select(variant => Caching.Tags.Sku(variant.Sku)),
            .. parts.Select(part => Caching.Tags.Part(part.Sku)).Distinct(StringComparer.Ordinal),
            .. On.Parts.Where(part => part != View.Id).Select(Caching.Tags.Product),
            .. View.Media.Select(media => Caching.Tags.Media(media.Key)),
            .. (View.CategoryTitles?.Keys ?? []).Select(Caching.Tags.Titles),
        ];
    }
}

/// <summary>Loads products for those who keep their bodies: one statement for any number, with the head before it.</summary>
static class ProductBodies
{
    /// <summary>Whether what is read for it is for everybody who asks so, now: no staff, no group, no other moment.</summary>
    public static bool IsForAll(this PriceContext context) =>
        context is { CustomerGroup: null, At: null, Everything: false };

    /// <param name="choice">A condition on products p, whose own parameters begin with $7.</param>
    public static async Task<(JournalHead Head, List<ReadProduct> Products)> Read(
        CatalogDatabase database,
        (PriceContext Prices, Extent Extent) shown,
        string choice,
        object value,
        CancellationToken stop
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var batch = connection.CreateBatch();
        batch.Add(Bodies.HeadSql);
        batch.Add(
            ProductReader.Statement(shown.Prices, shown.Extent, choice, 1, EndColumn),
            [.. ProductReader.Values(shown.Prices, value)]
        );
        var (products, ends) = (new List<ProductView>(), new List<DateTimeOffset?>());
        JournalHead head;
        DateTimeOffset now;
        await using (var reader = await batch.ExecuteReaderAsync(stop))
        {
            (head, now) = await Bodies.ReadHead(reader, stop);
            var end = -1;
            while (await reader.ReadAsync(stop))
            {
                products.Add(ProductReader.Of(reader, shown.Prices));
                end = end < 0 ? reader.GetOrdinal("ends") : end;
                ends.Add(reader.IsDBNull(end) ? null : reader.GetFieldValue<DateTimeOffset>(end));
            }
        }
        await ShownBundles.Fill(connection, products, stop);
        var read = products.Zip(ends, (view, end) => new ReadProduct(view, now, end)).ToList();
        var asked = read.Where(product => product.HasDependencies).Select(product => product.View.Id).ToList();
        var on = await Dependencies.Of(connection, asked, now, stop);
        return (
            head,
            on.Count == 0
                ? read
                : read.ConvertAll(product =>
                    product with
                    {
                        On = on.GetValueOrDefault(product.View.Id, Dependencies.None),
                    }
                )
        );
    }

    const string EndColumn = ", p.publish_until as ends";

    /// <summary>The answer that shows one product by the name that stands in its address.</summary>
    /// <param name="query">Of the address, for one that leads elsewhere.</param>
    public static LoadBodies ByName(
        CatalogDatabase database,
        string name,
        PriceContext prices,
        QueryString query,
        TimeProvider clock
    ) =>
        async (keys, stop) =>
        {
            var ways = ProductReader.Ways(name);
            var (head, products) = await Read(database, (prices, Extent.One), ways[0].Choice, ways[0].Value, stop);
            foreach (var (choice, value) in products.Count == 0 ? ways.Skip(1) : [])
                (head, products) = await Read(database, (prices, Extent.One), choice, value, stop);
            if (products is not [var found])
                return Bodies.None(head, new Refusal(Rejections.ProductNotFound));
            if (found.View.Slug != name && ways.Count > 1)
                return Bodies.None(head, GetProduct.LeadTo(found.View, query));
            return Bodies.Alone(
                head,
                keys[0],
                Bodies.Of(GetProduct.Answer(found.View), found.Tags(), clock) with
                {
                    Languages = prices.Chain?.Told(found.View.Languages),
                    Lasts = found.Lasts,
                    Shown = found.Shown,
                }
            );
        };
}
