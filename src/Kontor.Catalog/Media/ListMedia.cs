using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

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

    static async Task<Reply<IReadOnlyList<MediaView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null
    )
    {
        var last = "";
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            last = values[0];
        }
        var found = await MediaTable.Page(database, last, limit + 1, stop);
        var page = found.Take(limit).Select(media => media.View).ToList();
        return Reply<IReadOnlyList<MediaView>>.Of(page, next: found.Count > limit ? Cursor.Write(page[^1].Key) : null);
    }

    static async Task<Reply<MediaView>> HandleOne(string media, CatalogDatabase database, CancellationToken stop) =>
        Keys.Is(media) && await MediaTable.Find(database, media, stop) is { View: var view }
            ? Reply<MediaView>.Of(view, version: view.Version)
            : Rejections.MediaNotFound;
}
