using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Availability;

/// <summary>Whether a variant can be had, as everybody may see it.</summary>
/// <param name="Availability"><c>inStock</c>, <c>preorder</c> (not out yet, can be ordered), <c>backorder</c> (can be
/// ordered, comes later) or <c>outOfStock</c>.</param>
public sealed record AvailabilityView(string Sku, string Availability);

/// <summary>Shows whether a variant can be had; never how many there are.</summary>
static class ShowAvailability
{
    public static void Map(IEndpointRouteBuilder variants) =>
        variants
            .MapGet("/{sku}/availability", Handle)
            .WithName("getAvailability")
            .WithSummary("Shows whether a variant can be had")
            .OpenToAll("The catalogue is public, and this is a word of it.")
            .Refuses(Rejections.SkuNotFound);

    public static void Field(ObjectGraphType query) =>
        query
            .Field<AvailabilityGraph>("availability")
            .Description("Whether a variant can be had; null where none with this SKU is shown.")
            .Argument<NonNullGraphType<StringGraphType>>("sku")
            .Argument<StringGraphType>("channel", "The key of a channel.")
            .Resolve(at => Load(at, at.GetArgument<string>("sku"), at.GetArgument<string?>("channel")));

    static object? Load(IResolveFieldContext at, string sku, string? channel) =>
        !Product.IsKey(sku) || (channel is not null && !Keys.Is(channel))
            ? null
            : at.Load<string, string?>(
                (nameof(ShowAvailability), channel),
                sku,
                async (skus, stop) =>
                {
                    var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                    var found = await Find(database, [.. skus], channel, stop);
                    return [.. skus.Select(found.GetValueOrDefault)];
                }
            );

    static async Task<Reply<AvailabilityView>> Handle(
        string sku,
        CatalogDatabase database,
        CancellationToken stop,
        string? channel = null
    )
    {
        if (!Product.IsKey(sku) || (channel is not null && !Keys.Is(channel)))
            return Rejections.SkuNotFound;
        return (await Find(database, [sku], channel, stop)).GetValueOrDefault(sku) is { } found
            ? new AvailabilityView(sku, found)
            : Rejections.SkuNotFound;
    }

    static async Task<Dictionary<string, string>> Find(
        CatalogDatabase database,
        string[] skus,
        string? channel,
        CancellationToken stop
    )
    {
        await using var find = database.Source.CreateCommand(Statement).With(skus, channel);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            found.Add(row.GetString(0), row.GetString(1));
        return found;
    }

    internal static readonly string Statement = $"""
        select v.sku, {StockLevel.ClassSql} from variants v join products p on p.id = v.product
        where v.sku = any($1) and {Visible.Shown("$2::text")}
        """;
}
