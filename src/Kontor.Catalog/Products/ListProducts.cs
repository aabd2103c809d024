using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Places;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Products;

/// <summary>Lists products, oldest first, in pages that stay stable while products come.</summary>
static class ListProducts
{
    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapGet("", Handle)
            .WithName("listProducts")
            .WithSummary("Lists products, oldest first, or with sort=position in the order of a category")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.LocaleMalformed,
                Refusals.InvalidCursor,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    static async Task<Reply<IReadOnlyList<ProductView>>> Handle(
        [AsParameters] PriceQuery prices,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, MaxPage)] int limit = 20,
        string? after = null,
        [StringLength(100)] string? category = null,
        string sort = ProductSort.Age
    )
    {
        if (!prices.Read(http.User, locale).Is(out var context, out var refused))
            return refused;
        var page = await Find(database, limit, after, (category, sort), context, stop);
        if (!page.Is(out var found, out var rejection))
            return rejection;
        http.Tell(context.Chain, found.Items.SelectMany(product => product.Languages));
        return Reply<IReadOnlyList<ProductView>>.Of(found.Items, next: found.Next);
    }

    public static void Field(ObjectGraphType query) =>
        query
            .Field<NonNullGraphType<ProductPageGraph>>("products")
            .Description("Products, oldest first.")
            .Argument<NonNullGraphType<IntGraphType>>("first", "1 to 100.", first => first.DefaultValue = 20)
            .Argument<StringGraphType>("after", "The endCursor of the page before.")
            .Argument<StringGraphType>("category", "The key of a category that they stand in.")
            .Argument<NonNullGraphType<ProductSortGraph>>(
                "sort",
                "In which order.",
                sort => sort.DefaultValue = ProductSort.Age
            )
            .PricesFor()
            .ResolveAsync(async at =>
            {
                var first = at.GetArgument<int>("first");
                if (first is < 1 or > MaxPage)
                    throw GraphWords.ErrorOf(Refusals.ValidationFailed.Because($"first is 1 to {MaxPage}."));
                var page = await Find(
                    at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                    first,
                    at.GetArgument<string?>("after"),
                    (at.GetArgument<string?>("category"), at.GetArgument<string>("sort")),
                    at.Prices(),
                    at.CancellationToken
                );
                return page.OrError();
            });

    const int MaxPage = 100;

    static async Task<Result<Page<ProductView>>> Find(
        CatalogDatabase database,
        int limit,
        string? after,
        (string? Category, string Sort) wanted,
        PriceContext prices,
        CancellationToken stop
    )
    {
        var category = wanted.Category;
        if (ProductSort.Refusal(wanted.Sort, category) is { } refusal)
            return refusal;
        if (wanted.Sort == ProductSort.Position)
            return await InOrder(database, category!, (after, limit), prices, stop);
        var last = Guid.Empty;
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            if (!Guid.TryParseExact(values[0], "D", out last))
                return Refusals.InvalidCursor;
        }
        if (category is not null && !Product.IsKey(category))
            return new Page<ProductView>([], null);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await ProductReader.Page(connection, last, category, limit + 1, prices, stop);
        var page = found.Take(limit).ToList();
        return new Page<ProductView>(page, found.Count > limit ? Cursor.Write(page[^1].Id.ToString()) : null);
    }

    /// <summary>In the order of a category, with two statements.</summary>
    static async Task<Result<Page<ProductView>>> InOrder(
        CatalogDatabase database,
        string category,
        (string? After, int Limit) part,
        PriceContext prices,
        CancellationToken stop
    )
    {
        if (!Product.IsKey(category))
            return new Page<ProductView>([], null);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await CategoryOrder.Page(connection, category, part.After, part.Limit, prices, stop);
        if (!found.Is(out var page, out var rejection))
            return rejection;
        return page.Items.Count == 0
            ? new Page<ProductView>([], null)
            : new Page<ProductView>(await ProductReader.Of(connection, [.. page.Items], prices, stop), page.Next);
    }
}
