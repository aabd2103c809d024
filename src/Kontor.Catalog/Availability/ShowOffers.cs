using System.Text.Json;
using Kontor.Catalog.Bundles;
using Kontor.Catalog.Caching;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Products.Reading;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Caching;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Availability;

/// <summary>What a variant costs and whether it can be had, as everybody may see it.</summary>
/// <param name="Product">Its product's id.</param>
/// <param name="Prices">The winner for each currency it is sold in; empty where it has none.</param>
/// <param name="Availability"><c>inStock</c>, <c>preorder</c>, <c>backorder</c> or <c>outOfStock</c>.</param>
/// <param name="CompareAt">The higher price that a winner is shown against; absent where none has.</param>
/// <param name="PricesChangeAt">The next moment at which one of its prices may be another; absent where none is set for later.</param>
public sealed record VariantOffer(
    string Sku,
    Guid Product,
    IReadOnlyList<Money> Prices,
    string Availability,
    IReadOnlyList<Money>? CompareAt = null,
    DateTimeOffset? PricesChangeAt = null
);

/// <summary>Prices and availability of many variants at once, for pages that hold everything else already.</summary>
static class ShowOffers
{
    const int MaxSkus = 100;

    public static void Map(IEndpointRouteBuilder offers) =>
        offers
            .MapGet("", Handle)
            .WithName("getOffers")
            .WithSummary("Prices and availability of up to 100 variants by SKU, separated by commas")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Refusals.PositionMalformed,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    static async Task<Reply<IReadOnlyList<VariantOffer>>> Handle(
        [AsParameters] PriceQuery prices,
        HttpContext http,
        BodyCache cache,
        CatalogDatabase database,
        CancellationToken stop,
        string? skus = null
    )
    {
        if (!prices.Read(http.User).Is(out var context, out var rejection))
            return rejection;
        if (!http.AtLeast(database.Name).Is(out var atLeast, out rejection))
            return rejection;
        if (!Decide(skus).Is(out var wanted, out rejection))
            return rejection;
        var space = ProductCards.SpaceOf("offer", context);
        var keys = wanted.Select(sku => new BodyKey(space, sku)).ToList();
        if (!context.IsForAll())
        {
            var read = await Load(database, context)(keys, stop);
            return Answer([.. keys.Where(read.Bodies.ContainsKey).Select(key => read.Bodies[key])], false, http.Clock);
        }
        var found = await cache.Get(keys, atLeast, Load(database, context), stop);
        return Answer(
            [.. found.Where(one => one.Entry is not null).Select(one => one.Entry!.Body)],
            found.Any(one => one.IsStale),
            http.Clock
        );
    }

    static Reply<IReadOnlyList<VariantOffer>> Answer(List<Body> bodies, bool isStale, TimeProvider clock) =>
        Reply<IReadOnlyList<VariantOffer>>.From(
            new PartsAnswer(
                bodies.ConvertAll(body => body.Bytes),
                new Meta(clock.GetUtcNow()) { Stale = isStale ? true : null }
            )
        );

    /// <summary>The rule: the SKUs asked for, in their order; what cannot be one is not there.</summary>
    internal static Result<IReadOnlyList<string>> Decide(string? skus)
    {
        var named = (skus ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return named.Count is > 0 and <= MaxSkus
            ? named.FindAll(Product.IsKey)
            : Refusals.ValidationFailed.At("skus", $"1 to {MaxSkus}, separated by commas.");
    }

    static LoadBodies Load(CatalogDatabase database, PriceContext prices) =>
        async (keys, stop) =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(stop);
            await using var batch = connection.CreateBatch();
            batch.Add(Bodies.HeadSql);
            batch.Add(Statement(prices), [.. Winner.Values(prices), keys.Select(key => key.Name).ToArray()]);
            var read = new List<Row>();
            JournalHead head;
            DateTimeOffset now;
            await using (var reader = await batch.ExecuteReaderAsync(stop))
            {
                (head, now) = await Bodies.ReadHead(reader, stop);
                while (await reader.ReadAsync(stop))
                    read.Add(new(Of(reader), PartsOf(reader), reader["ends"] is DateTime end ? new(end) : null));
            }
            var asked = read.Where(row => Dependencies.Has(row.Offer.Availability, row.Parts.Count > 0))
                .Select(row => row.Offer.Product)
                .ToHashSet();
            var on = await Dependencies.Of(connection, asked, now, stop);
            return new(
                head,
                read.ToDictionary(
                    row => new BodyKey(keys[0].Space, row.Offer.Sku),
                    row => BodyOf(row, on.GetValueOrDefault(row.Offer.Product, Dependencies.None), now)
                )
            );
        };

    sealed record Row(VariantOffer Offer, IReadOnlyList<BundleComponent> Parts, DateTimeOffset? End);

    static Body BodyOf(Row row, Dependencies on, DateTimeOffset now) =>
        new(
            JsonSerializer.SerializeToUtf8Bytes(row.Offer, KontorJson.Options),
            [
                Tags.Product(row.Offer.Product),
                Tags.Sku(row.Offer.Sku),
                .. row.Parts.Select(part => Tags.Part(part.Sku)),
                .. on.Parts.Where(part => part != row.Offer.Product).Select(Tags.Product),
            ]
        )
        {
            Lasts = new[] { on.Change, row.End, row.Offer.PricesChangeAt }.Min() - now,
            Shown = row.End - now,
        };

    static List<BundleComponent> PartsOf(NpgsqlDataReader row) =>
        row.IsDBNull(6) ? [] : ProductReader.Json<List<BundleComponent>>(row.GetString(6));

    static VariantOffer Of(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetGuid(1),
            ProductReader.Json<List<Money>>(row.GetString(2)),
            row.GetString(5),
            row.IsDBNull(3) ? null : ProductReader.Json<List<Money>>(row.GetString(3)),
            row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4)
        );

    internal static string Statement(PriceContext prices) =>
        $"""
            select v.sku, p.id, shown.prices::text, shown.compare_at::text, shown.change_at, {StockLevel.ClassSql},
                ({BundleTable.ComponentsSql})::text, p.publish_until as ends
            from variants v join products p on p.id = v.product
            cross join lateral ({ProductReader.ShownPrices(prices)}) shown
            where v.sku = any($7) and {Visible.Shown("$3", Visible.Moment)}
            """;
}
