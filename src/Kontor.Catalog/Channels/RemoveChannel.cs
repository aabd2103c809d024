using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Channels;

/// <summary>Removes a channel that no price and no price list names.</summary>
static class RemoveChannel
{
    public static void Map(IEndpointRouteBuilder channels) =>
        channels
            .MapDelete("/{channel}", Handle)
            .WithName("removeChannel")
            .WithSummary("Removes a channel that no price and no price list names")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.ChannelNotFound,
                Rejections.ChannelInUse,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<ChannelView>> Handle(
        string channel,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(channel))
            return Rejections.ChannelNotFound;
        try
        {
            return await http.Write(database, work => Store(work, channel, expected, stop), stop);
        }
        catch (PostgresException named) when (named.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Rejections.ChannelInUse;
        }
    }

    static async Task<Reply<ChannelView>> Store(Work work, string key, long? expected, CancellationToken stop)
    {
        if (await ListChannels.Find(work.Command($"{ListChannels.One} for update", key), stop) is not { } standing)
            return Rejections.ChannelNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        await using var delete = work.Command("delete from channels where key = $1", key);
        await delete.ExecuteNonQueryAsync(stop);
        work.Happened($"channel-{key}", new ChannelRemoved(key));
        return standing;
    }
}
