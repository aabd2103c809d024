using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<ChannelPageGraph>>("channels")
            .Description("Channels, by key.")
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
            .Field<ChannelGraph>("channel")
            .Description("A channel by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .ResolveAsync(async at =>
            {
                var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                var key = at.GetArgument<string>("key");
                return Keys.Is(key)
                    ? await Find(database.Source.CreateCommand(One).With(key), at.CancellationToken)
                    : null;
            });
    }

    static async Task<Reply<IReadOnlyList<ChannelView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<ChannelView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var found = await database
            .Source.CreateCommand($"{Select} where key > $1 order by key limit $2")
            .With(last, limit + 1)
            .Rows(Of, stop);
        return found.ToPage(limit, one => one.Key);
    }

    static async Task<Reply<ChannelView>> HandleOne(string channel, CatalogDatabase database, CancellationToken stop)
    {
        if (!Keys.Is(channel))
            return Rejections.ChannelNotFound;
        var found = await Find(database.Source.CreateCommand(One).With(channel), stop);
        return found is null ? Rejections.ChannelNotFound : Reply<ChannelView>.Of(found, version: found.Version);
    }

    public static Task<ChannelView?> Find(NpgsqlCommand find, CancellationToken stop) => find.Row(Of, stop);

    static ChannelView Of(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.GetInt64(4)
        );
}
