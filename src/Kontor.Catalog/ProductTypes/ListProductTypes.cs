using System.ComponentModel.DataAnnotations;
using System.Globalization;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.ProductTypes.Graph;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Lists the product types by key, shows one, and the versions that it had.</summary>
static class ListProductTypes
{
    public static void Map(IEndpointRouteBuilder types)
    {
        types
            .MapGet("", Handle)
            .WithName("listProductTypes")
            .WithSummary("Lists product types by key")
            .OpenToAll("What the attributes of public products are.")
            .Refuses(Refusals.InvalidCursor);
        types
            .MapGet("/{type}", HandleOne)
            .WithName("getProductType")
            .WithSummary("Shows a product type")
            .OpenToAll("What the attributes of public products are.")
            .Refuses(Rejections.ProductTypeNotFound);
        types
            .MapGet("/{type}/versions", HandleVersions)
            .WithName("listProductTypeVersions")
            .WithSummary("Lists the versions of a product type, newest first")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor, Rejections.ProductTypeNotFound);
    }

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<ProductTypePageGraph>>("productTypes")
            .Description("Product types, by key.")
            .InPages()
            .ResolveAsync(async at =>
                (
                    await Page(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        at.First(),
                        at.After(),
                        at.CancellationToken
                    )
                ).OrError()
            );
        query
            .Field<ProductTypeGraph>("productType")
            .Description("A product type by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .Resolve(at => Load(at, at.GetArgument<string>("key")));
    }

    /// <summary>A type for a field, read together with those of other fields.</summary>
    internal static object? Load(IResolveFieldContext at, string key) =>
        Keys.Is(key)
            ? at.Load<string, ProductTypeView?>(
                nameof(ListProductTypes),
                key,
                async (keys, stop) =>
                {
                    var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                    await using var connection = await database.Source.OpenConnectionAsync(stop);
                    var found = await ProductTypeReader.Of(
                        connection,
                        [.. keys.Distinct(StringComparer.Ordinal)],
                        stop
                    );
                    var known = found.ToDictionary(one => one.Key, one => Shown(one, at), StringComparer.Ordinal);
                    return [.. keys.Select(known.GetValueOrDefault)];
                }
            )
            : null;

    static ProductTypeView Shown(ProductTypeView type, IResolveFieldContext at) =>
        at.HasScope(Scopes.CatalogRead) ? type : type with { Migration = null };

    static async Task<Reply<IReadOnlyList<ProductTypeSummary>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<ProductTypeSummary>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        return (await ProductTypeReader.Page(connection, last, limit + 1, stop)).ToPage(limit, one => one.Key);
    }

    static async Task<Reply<ProductTypeView>> HandleOne(
        string type,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Keys.Is(type))
            return Rejections.ProductTypeNotFound;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        return await ProductTypeReader.Find(connection, type, stop) is { } found
            ? Answer(http.User.HasScope(Scopes.CatalogRead) ? found : found with { Migration = null })
            : Rejections.ProductTypeNotFound;
    }

    /// <summary>The type with the ETag of its version and of what is shown of its migration.</summary>
    internal static Reply<ProductTypeView> Answer(
        ProductTypeView type,
        int status = StatusCodes.Status200OK,
        string? location = null,
        string? position = null
    )
    {
        var reply = Reply<ProductTypeView>.Of(type, status, type.Version, location);
        if (type.Migration is { } running)
            return reply.With($"{running.State[0]}{running.Converted + running.Tidied}", position);
        reply.Position = position;
        return reply;
    }

    static async Task<Reply<IReadOnlyList<ProductTypeVersionView>>> HandleVersions(
        string type,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null
    )
    {
        var before = long.MaxValue;
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            if (!long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out before))
                return Refusals.InvalidCursor;
        }
        if (!Keys.Is(type))
            return Rejections.ProductTypeNotFound;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await ProductTypeReader.Versions(connection, type, before, limit + 1, stop);
        if (found.Count == 0 && await ProductTypeReader.Find(connection, type, stop) is null)
            return Rejections.ProductTypeNotFound;
        var page = found.Take(limit).ToList();
        return Reply<IReadOnlyList<ProductTypeVersionView>>.Of(
            page,
            next: found.Count > limit ? Cursor.Write($"{page[^1].Version}") : null
        );
    }
}
