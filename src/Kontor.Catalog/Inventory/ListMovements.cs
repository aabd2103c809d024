using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Kontor.Catalog.Products;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Inventory;

/// <summary>A change of what is on hand or incoming.</summary>
/// <param name="Number">Its place in the book of movements.</param>
/// <param name="Kind"><c>counted</c>, <c>adjusted</c>, <c>announced</c>, <c>shipped</c>, <c>received</c>, <c>calledOff</c>,
/// <c>opening</c> (what stood when movements began to be kept), <c>removed</c> (the variant went) or <c>unrecorded</c>
/// (written past the API).</param>
/// <param name="OnHand">Pieces that came (above 0) or went.</param>
/// <param name="Incoming">Pieces more, or fewer, that are under way to here.</param>
/// <param name="Actor">The subject of the token, or the job.</param>
/// <param name="Delivery">The key of the delivery whose step it is.</param>
public sealed record MovementView(
    long Number,
    string Sku,
    string Location,
    string Kind,
    long OnHand,
    long Incoming,
    string Actor,
    DateTimeOffset At,
    string? Reason,
    string? Reference,
    string? Note,
    string? Delivery
);

/// <summary>Lists the movements of stock, newest first.</summary>
static class ListMovements
{
    public static void Map(IEndpointRouteBuilder stock) =>
        stock
            .MapGet("/movements", Handle)
            .WithName("listStockMovements")
            .WithSummary("Lists every change of what is on hand or incoming, newest first")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);

    static async Task<Reply<IReadOnlyList<MovementView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null,
        [StringLength(100)] string? sku = null,
        [StringLength(100)] string? location = null
    )
    {
        var last = long.MaxValue;
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            if (!long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out last))
                return Refusals.InvalidCursor;
        }
        if ((sku is not null && !Product.IsKey(sku)) || (location is not null && !Product.IsKey(location)))
            return Reply<IReadOnlyList<MovementView>>.Of([]);
        object[] chosen = [last, limit + 1, .. new[] { sku, location }.OfType<string>()];
        await using var find = database.Source.CreateCommand(Select(sku, location)).With(chosen);
        var all = new List<MovementView>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            all.Add(Of(reader));
        return Reply<IReadOnlyList<MovementView>>.Of(
            [.. all.Take(limit)],
            next: all.Count > limit ? Cursor.Write(all[limit - 1].Number.ToString(CultureInfo.InvariantCulture)) : null
        );
    }

    /// <summary>A statement for each set of filters, so that each has the plan of its index.</summary>
    internal static string Select(string? sku, string? location) =>
        $"""
            select m.number, m.sku, m.location, m.kind, m.on_hand, m.incoming, m.actor, m.at, m.reason, m.reference, m.note,
                (select key from deliveries where id = m.delivery)
            from stock_movements m
            where m.number < $1
            {(sku is null ? "" : "and m.sku = $3")}
            {(location is null ? "" : $"and m.location = {(sku is null ? "$3" : "$4")}")}
            order by m.number desc limit $2
            """;

    static MovementView Of(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetInt64(4),
            row.GetInt64(5),
            row.GetString(6),
            row.GetFieldValue<DateTimeOffset>(7),
            Text(row, 8),
            Text(row, 9),
            Text(row, 10),
            Text(row, 11)
        );

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
