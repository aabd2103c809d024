using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Ordering.Orders;

/// <summary>Lists orders for the order desk, newest first.</summary>
static class ListOrders
{
    const int DefaultLimit = 20;
    const int MaxLimit = 100;

    static readonly string[] Statuses = ["submitted", "awaiting_payment", "placed", "rejected"];

    public sealed record View(
        OrderId Id,
        string? Number,
        string Status,
        long Version,
        CartId Cart,
        Money Total,
        DateTimeOffset SubmittedAt,
        DateTimeOffset? PlacedAt
    );

    public static void Map(IEndpointRouteBuilder orders) =>
        orders
            .MapGet("/", Handle)
            .WithName("listOrders")
            .WithSummary("Lists orders, newest first")
            .RequireScope(Scopes.OrderingRead)
            .Refuses(Refusals.InvalidCursor);

    static async Task<Reply<IReadOnlyList<View>>> Handle(
        HttpContext http,
        OrderingDatabase database,
        CancellationToken stop,
        string? status = null,
        [Range(1, MaxLimit)] int limit = DefaultLimit,
        string? after = null
    )
    {
        if (status is not null && !Statuses.Contains(status, StringComparer.Ordinal))
            return Refusals.ValidationFailed.At("status", $"One of {string.Join(", ", Statuses)}.");
        if (!PlaceOf(after).Is(out var place, out var rejection))
            return rejection;

        http.Response.Headers.CacheControl = "no-store";
        var orders = await Read(database, status, place, limit + 1, stop);
        var page = orders.Take(limit).ToList();
        return Reply<IReadOnlyList<View>>.Of(
            page,
            next: orders.Count > limit
                ? Cursor.Write(page[^1].SubmittedAt.ToString("O", CultureInfo.InvariantCulture), page[^1].Id.ToString())
                : null
        );
    }

    sealed record Place(DateTimeOffset SubmittedAt, Guid Id);

    static Result<Place?> PlaceOf(string? after)
    {
        if (after is null)
            return (Place?)null;
        if (!Cursor.Read(after, 2).Is(out var values, out var rejection))
            return rejection;
        return
            DateTimeOffset.TryParseExact(
                values[0],
                "O",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out var at
            ) && Guid.TryParseExact(values[1], "D", out var id)
            ? new Place(at, id)
            : Refusals.InvalidCursor;
    }

    /// <summary>A statement for each shape, so that each goes by its own index.</summary>
    static async Task<List<View>> Read(
        OrderingDatabase database,
        string? status,
        Place? after,
        int count,
        CancellationToken stop
    )
    {
        List<object?> values = [count];
        List<string> conditions = [];
        if (status is not null)
        {
            values.Add(status);
            conditions.Add($"status = ${values.Count}");
        }
        if (after is not null)
        {
            values.AddRange([after.SubmittedAt, after.Id]);
            conditions.Add($"(submitted_at, id) < (${values.Count - 1}, ${values.Count})");
        }
        var where = conditions.Count == 0 ? "" : $"where {string.Join(" and ", conditions)}";
        await using var read = database
            .Source.CreateCommand(
                $"""
                select id, number, status, version, cart, total, currency, submitted_at, placed_at
                from orders {where} order by submitted_at desc, id desc limit $1
                """
            )
            .With([.. values]);
        await using var row = await read.ExecuteReaderAsync(stop);
        List<View> orders = [];
        while (await row.ReadAsync(stop))
            orders.Add(ViewOf(row));
        return orders;
    }

    static View ViewOf(NpgsqlDataReader row) =>
        new(
            new(row.GetGuid(0)),
            row.Text(1),
            row.GetString(2),
            row.GetInt64(3),
            new(row.GetGuid(4)),
            new(row.GetInt64(5), row.GetString(6)),
            row.GetFieldValue<DateTimeOffset>(7),
            row.Moment(8)
        );
}
