using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Channels;

/// <summary>Lists channels by key, and shows one.</summary>
static class ListChannels
{
    const string Select = "select key, title, currency, locale, version from channels";

    public const string One = $"{Select} where key = $1";

    public static void Map(IEndpointRouteBuilder channels)
    {
        channels
            .MapGet("", Handle)
            .WithName("listChannels")
            .WithSummary("Lists channels by key")
            .OpenToAll("A shop's front needs to know its channel.")
            .Refuses(Refusals.InvalidCursor);
        channels
            .MapGet("/{channel}", HandleOne)
            .WithName("getChannel")
            .WithSummary("Shows a channel")
            .OpenToAll("A shop's front needs to know its channel.")
            .Refuses(Rejections.ChannelNotFound);
    }

    static async Task<Reply<IReadOnlyList<ChannelView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
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
        await using var find = database
            .Source.CreateCommand($"{Select} where key > $1 order by key limit $2")
            .With(last, limit + 1);
        var found = new List<ChannelView>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(Of(reader));
        var page = found.Take(limit).ToList();
        return Reply<IReadOnlyList<ChannelView>>.Of(
            page,
            next: found.Count > limit ? Cursor.Write(page[^1].Key) : null
        );
    }

    static async Task<Reply<ChannelView>> HandleOne(string channel, CatalogDatabase database, CancellationToken stop)
    {
        if (!Keys.Is(channel))
            return Rejections.ChannelNotFound;
        var found = await Find(database.Source.CreateCommand(One).With(channel), stop);
        return found is null ? Rejections.ChannelNotFound : Reply<ChannelView>.Of(found, version: found.Version);
    }

    public static async Task<ChannelView?> Find(NpgsqlCommand find, CancellationToken stop)
    {
        await using (find)
        {
            await using var reader = await find.ExecuteReaderAsync(stop);
            return await reader.ReadAsync(stop) ? Of(reader) : null;
        }
    }

    static ChannelView Of(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.GetInt64(4)
        );
}
