using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Media;

/// <summary>Removes a picture that no product shows; its files go an hour later.</summary>
static class RemoveMedia
{
    public static void Map(IEndpointRouteBuilder media) =>
        media
            .MapDelete("/{media}", Handle)
            .WithName("removeMedia")
            .WithSummary("Removes a picture that no product shows")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.MediaNotFound,
                Rejections.MediaInUse,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<MediaView>> Handle(
        string media,
        HttpContext http,
        CatalogDatabase database,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(media))
            return Rejections.MediaNotFound;
        try
        {
            return await http.Write(database, work => Store(work, media, expected, clock, stop), stop);
        }
        catch (PostgresException shown) when (shown.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Rejections.MediaInUse;
        }
    }

    static async Task<Reply<MediaView>> Store(
        Work work,
        string key,
        long? expected,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (await MediaTable.Lock(work, key, stop) is not { } standing)
            return Rejections.MediaNotFound;
        if (expected is { } version && version != standing.View.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.View.Version}.");
        await using var delete = work.Command("delete from media where key = $1", key);
        await delete.ExecuteNonQueryAsync(stop);
        await MediaTable.Leave(work, standing.File, clock, stop);
        work.Happened($"media-{key}", new MediaRemoved(key));
        return standing.View;
    }
}
