using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Channels;

/// <summary>A channel: where goods are sold.</summary>
/// <param name="Currency">What it shows prices in where nobody says otherwise, ISO 4217.</param>
/// <param name="Locale">Likewise its language, BCP 47.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
public sealed record ChannelView(string Key, string Title, string? Currency, string? Locale, long Version);

/// <summary>Opens a channel, or with If-Match changes one.</summary>
static class SetChannel
{
    /// <param name="Title">What it is called, 1 to 200 characters.</param>
    /// <param name="Currency">What it shows prices in where nobody says otherwise, ISO 4217.</param>
    /// <param name="Locale">Likewise its language, BCP 47, at most 35 characters.</param>
    public sealed record Request(
        [property: Required, StringLength(200, MinimumLength = 1)] string Title,
        string? Currency = null,
        [property: RegularExpression("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$")] string? Locale = null
    );

    public static void Map(IEndpointRouteBuilder channels) =>
        channels
            .MapPut("/{channel}", Handle)
            .WithName("setChannel")
            .WithSummary("Opens a channel, or with If-Match changes one")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(Refusals.ValidationFailed, Refusals.PreconditionRequired, Refusals.PreconditionFailed);

    static async Task<Reply<ChannelView>> Handle(
        string channel,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Expectation.Of(http).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(channel))
            return Refusals.ValidationFailed.At("channel", Keys.Rule);
        if (wanted.Currency is not null && !Currencies.Exists(wanted.Currency))
            return Refusals.ValidationFailed.At("currency", "It is not an ISO 4217 currency.");
        return await http.Write(database, work => Store(work, channel, wanted, expected, stop), stop);
    }

    static async Task<Reply<ChannelView>> Store(
        Work work,
        string key,
        Request wanted,
        Expectation expected,
        CancellationToken stop
    )
    {
        var standing = await ListChannels.Find(work.Command($"{ListChannels.One} for update", key), stop);
        if (expected.Decide(standing?.Version) is { } refusal)
            return refusal;
        var view = new ChannelView(key, wanted.Title, wanted.Currency, wanted.Locale, standing?.Version ?? 1);
        if (view == standing)
            return await Unchanged(work, view, stop);
        view = standing is null ? view : view with { Version = view.Version + 1 };
        await using var write = work.Command(
            standing is null
                ? "insert into channels values ($1, $2, $3, $4, $5) on conflict do nothing"
                : "update channels set title = $2, currency = $3, locale = $4, version = $5 where key = $1",
            key,
            view.Title,
            view.Currency,
            view.Locale,
            view.Version
        );
        if (await write.ExecuteNonQueryAsync(stop) == 0)
            return Refusals.PreconditionRequired; // It came at the same moment.
        work.Happened($"channel-{key}", new ChannelSet(key, view.Version, view.Title, view.Currency, view.Locale));
        return standing is null
            ? Reply<ChannelView>.Of(view, StatusCodes.Status201Created, view.Version, $"/api/v1/channels/{key}")
            : Reply<ChannelView>.Of(view, version: view.Version);
    }

    static async Task<Reply<ChannelView>> Unchanged(Work work, ChannelView view, CancellationToken stop)
    {
        var reply = Reply<ChannelView>.Of(view, version: view.Version);
        reply.Position = (await work.Standing($"channel-{view.Key}", stop)).ToString();
        return reply;
    }
}
