using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Media;

/// <summary>Lists the pictures by key, and shows one.</summary>
static class ListMedia
{
    public static void Map(IEndpointRouteBuilder media)
    {
        media
            .MapGet("", Handle)
            .WithName("listMedia")
            .WithSummary("Lists pictures by key")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        media
            .MapGet("/{media}", HandleOne)
            .WithName("getMedia")
            .WithSummary("Shows what is known of a picture")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.MediaNotFound);
    }

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<MediaPageGraph>>("media")
            .Description("Pictures, by key.")
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
            )
            .RequireScope(Scopes.CatalogRead);
        query
            .Field<MediaGraph>("picture")
            .Description("A picture by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .ResolveAsync(async at =>
            {
                var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                var key = at.GetArgument<string>("key");
                return Keys.Is(key) ? (await MediaTable.Find(database, key, at.CancellationToken))?.View : null;
            })
            .RequireScope(Scopes.CatalogRead);
    }

    static async Task<Reply<IReadOnlyList<MediaView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<MediaView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var found = await MediaTable.Page(database, last, limit + 1, stop);
        return found.Select(media => media.View).ToList().ToPage(limit, one => one.Key);
    }

    static async Task<Reply<MediaView>> HandleOne(string media, CatalogDatabase database, CancellationToken stop) =>
        Keys.Is(media) && await MediaTable.Find(database, media, stop) is { View: var view }
            ? Reply<MediaView>.Of(view, version: view.Version)
            : Rejections.MediaNotFound;
}
