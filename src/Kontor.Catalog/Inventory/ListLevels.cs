using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Inventory;

/// <summary>Lists stock by variant, oldest first, and location.</summary>
static class ListLevels
{
    public static void Map(IEndpointRouteBuilder stock) =>
        stock
            .MapGet("", Handle)
            .WithName("listStock")
            .WithSummary("Lists what is on hand, reserved and incoming, by variant and location")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);

    public static void Field(ObjectGraphType query) =>
        query
            .Field<NonNullGraphType<StockPageGraph>>("stock")
            .Description("What is on hand, reserved and incoming, by variant and location.")
            .Argument<StringGraphType>("sku", "Only of this variant.")
            .Argument<StringGraphType>("location", "Only at this location.")
            .InPages()
            .ResolveAsync(async at =>
                (
                    await Page(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        (at.GetArgument<string?>("sku"), at.GetArgument<string?>("location")),
                        (at.First(), at.After()),
                        at.RequestServices!.GetRequiredService<TimeProvider>().GetUtcNow(),
                        at.CancellationToken
                    )
                ).OrError()
            )
            .RequireScope(Scopes.CatalogRead);

    static async Task<Reply<IReadOnlyList<StockView>>> Handle(
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null,
        [StringLength(100)] string? sku = null,
        [StringLength(100)] string? location = null
    ) => (await Page(database, (sku, location), (limit, after), http.Clock.GetUtcNow(), stop)).ToReply();

    static async Task<Result<Page<StockView>>> Page(
        CatalogDatabase database,
        (string? Sku, string? Location) of,
        (int Limit, string? After) wanted,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var ((sku, location), (limit, after)) = (of, wanted);
        var (variant, place) = (Guid.Empty, "");
        if (after is not null)
        {
            if (!Cursor.Read(after, 2).Is(out var values, out var rejection))
                return rejection;
            if (!Guid.TryParseExact(values[0], "D", out variant))
                return Refusals.InvalidCursor;
            place = values[1];
        }
        if ((sku is not null && !Product.IsKey(sku)) || (location is not null && !Product.IsKey(location)))
            return new Page<StockView>([], null);
        object[] chosen = [variant, place, limit + 1, .. new[] { sku, location }.OfType<string>()];
        await using var find = database.Source.CreateCommand(Select(sku, location)).With(chosen);
        var rows = new List<(Guid Variant, StockView View)>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(
                (
                    reader.GetGuid(0),
                    StockView.Of(reader.GetString(1), reader.GetString(2), StockLevel.Of(reader, 3), now)
                )
            );
        return new Page<StockView>(
            [.. rows.Take(limit).Select(row => row.View)],
            rows.Count > limit ? Cursor.Write(rows[limit - 1].Variant.ToString(), rows[limit - 1].View.Location) : null
        );
    }

    /// <summary>A statement for each set of filters, so that each has the plan of its index.</summary>
    internal static string Select(string? sku, string? location) =>
        $"""
            select s.variant, v.sku, s.location, {StockLevel.Columns}
            from stock s join variants v on v.id = s.variant
            where (s.variant, s.location) > ($1, $2) and s.variant >= $1
            {(sku is null ? "" : "and s.variant = (select id from variants where sku = $4)")}
            {(location is null ? "" : $"and s.location = {(sku is null ? "$4" : "$5")}")}
            order by s.variant, s.location limit $3
            """;
}
