using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Prices;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.PriceLists;

/// <summary>A price list: prices that come and go together.</summary>
/// <param name="Priority">The list with the lowest number stands first.</param>
/// <param name="Channel">Only in this channel, whatever its prices name.</param>
/// <param name="CustomerGroup">Only for this customer group, whatever its prices name.</param>
/// <param name="ValidFrom">Its first moment; absent: it is valid already.</param>
/// <param name="ValidUntil">The first moment at which it is over; absent: never.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
sealed record PriceListView(
    string Key,
    string Title,
    int Priority,
    string? Channel,
    string? CustomerGroup,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil,
    long Version
);

/// <summary>Opens a price list, or with If-Match changes one.</summary>
static class SetPriceList
{
    /// <summary>Of a list with more the priority stays: each of its prices keeps it with its rank, and to write more of them
    /// in one transaction (0.1 ms each) would hold up others who set prices of the list for longer than they wait.</summary>
    public const int MaxPricesToRank = 25_000;

    /// <param name="Title">What it is called, 1 to 200 characters.</param>
    /// <param name="Priority">1 to 1,000,000, of no other list; the list with the lowest number stands first.</param>
    /// <param name="Channel">Only in this channel.</param>
    /// <param name="CustomerGroup">Only for this customer group.</param>
    /// <param name="ValidFrom">Its first moment.</param>
    /// <param name="ValidUntil">The first moment at which it is over.</param>
    public sealed record Request(
        [property: Required, StringLength(200, MinimumLength = 1)] string Title,
        [property: Range(1, 1_000_000)] int Priority,
        string? Channel = null,
        string? CustomerGroup = null,
        DateTimeOffset? ValidFrom = null,
        DateTimeOffset? ValidUntil = null
    )
    {
        internal PriceListView Of(string key, long version) =>
            new(key, Title, Priority, Channel, CustomerGroup, Price.Kept(ValidFrom), Price.Kept(ValidUntil), version);
    }

    public static void Map(IEndpointRouteBuilder lists) =>
        lists
            .MapPut("/{priceList}", Handle)
            .WithName("setPriceList")
            .WithSummary("Opens a priceList, or with If-Match changes one")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.PriceNamesUnknown,
                Rejections.PriorityTaken,
                Rejections.PriceListTooLong,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<PriceListView>> Handle(
        string priceList,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Expectation.Of(http).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(priceList))
            return Refusals.ValidationFailed.At("priceList", Keys.Rule);
        if (wanted.ValidFrom >= wanted.ValidUntil)
            return Refusals.ValidationFailed.At("validUntil", "Later than validFrom.");
        try
        {
            return await http.Write(database, work => Store(work, wanted.Of(priceList, 1), expected, stop), stop);
        }
        catch (PostgresException violated) when (RefusalOf(violated) is { } refusal)
        {
            return refusal;
        }
    }

    /// <summary>The refusal that a violated constraint stands for; null where it is a bug.</summary>
    static Rejection? RefusalOf(PostgresException violated) =>
        violated.ConstraintName switch
        {
            "price_list_priority_once" => Rejections.PriorityTaken,
            "price_lists_channel_fkey" => Rejections.PriceNamesUnknown.At("channel", "There is no such channel."),
            "price_lists_customer_group_fkey" => Rejections.PriceNamesUnknown.At(
                "customerGroup",
                "There is no such customer group."
            ),
            _ => null,
        };

    static async Task<Reply<PriceListView>> Store(
        Work work,
        PriceListView view,
        Expectation expected,
        CancellationToken stop
    )
    {
        var standing = await ListPriceLists.Find(work.Command($"{ListPriceLists.One} for update", view.Key), stop);
        if (expected.Decide(standing?.Version) is { } refusal)
            return refusal;
        view = view with { Version = standing?.Version ?? 1 };
        if (view == standing)
            return await Unchanged(work, view, stop);
        if (standing is not null && view.Priority != standing.Priority && await IsTooLong(work, view.Key, stop))
            return Rejections.PriceListTooLong;
        view = standing is null ? view : view with { Version = view.Version + 1 };
        if (!await Write(work, view, standing is null, stop))
            return Refusals.PreconditionRequired; // It came at the same moment.
        work.Happened(
            $"price-list-{view.Key}",
            new PriceListSet(
                view.Key,
                view.Version,
                view.Title,
                view.Priority,
                view.Channel,
                view.CustomerGroup,
                view.ValidFrom,
                view.ValidUntil
            )
        );
        return standing is null
            ? Reply<PriceListView>.Of(
                view,
                StatusCodes.Status201Created,
                view.Version,
                $"/api/v1/price-lists/{view.Key}"
            )
            : Reply<PriceListView>.Of(view, version: view.Version);
    }

    static async Task<Reply<PriceListView>> Unchanged(Work work, PriceListView view, CancellationToken stop)
    {
        var reply = Reply<PriceListView>.Of(view, version: view.Version);
        reply.Position = (await work.Standing($"price-list-{view.Key}", stop)).ToString();
        return reply;
    }

    static async Task<bool> Write(Work work, PriceListView view, bool isNew, CancellationToken stop)
    {
        await using var write = work.Command(
            isNew
                ? """
                insert into price_lists (key, title, priority, channel, customer_group, valid_from, valid_until, version)
                values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing
                """
                : """
                update price_lists set title = $2, priority = $3, channel = $4, customer_group = $5, valid_from = $6,
                    valid_until = $7, version = $8
                where key = $1
                """,
            view.Key,
            view.Title,
            view.Priority,
            view.Channel,
            view.CustomerGroup,
            view.ValidFrom,
            view.ValidUntil,
            view.Version
        );
        return await write.ExecuteNonQueryAsync(stop) == 1;
    }

    static async Task<bool> IsTooLong(Work work, string key, CancellationToken stop)
    {
        await using var count = work.Command(
            "select count(*) from (select from price_rows where price_list = $1 limit $2) counted",
            key,
            MaxPricesToRank + 1
        );
        return (long)(await count.ExecuteScalarAsync(stop))! > MaxPricesToRank;
    }
}
