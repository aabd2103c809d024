using Kontor.Catalog.Prices;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Kontor.Catalog.Products.Reading;

/// <summary>What is told of parts of a product that is not found under its name: it may have had that slug.</summary>
static class OldSlug
{
    internal static string Statement =>
        $"""
            select p.slug from slugs s join products p on p.id = s.product
            where s.slug = $1 and p.slug <> $1 and ($3 or {Visible.Shown("$2::text")})
            """;

    /// <summary>Leads to the slug of now; else there is no such product for whoever looks.</summary>
    /// <param name="asked">The name, and the part of the product that was asked for under it.</param>
    public static async Task<Reply<T>> Reply<T>(
        NpgsqlConnection connection,
        (string Product, string Part) asked,
        PriceContext looking,
        HttpContext http,
        CancellationToken stop
    )
        where T : class
    {
        await using var find = new NpgsqlCommand(Statement, connection).With(
            asked.Product,
            looking.Channel,
            looking.Everything
        );
        return await find.ExecuteScalarAsync(stop) is string slug
            ? Platform.Http.Reply<T>.Of(
                null!,
                StatusCodes.Status308PermanentRedirect,
                location: $"/api/v1/products/{slug}/{asked.Part}{http.Request.QueryString}"
            )
            : Rejections.ProductNotFound;
    }
}
