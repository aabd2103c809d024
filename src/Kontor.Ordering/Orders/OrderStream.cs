using System.Diagnostics;
using System.Text.Json;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Npgsql;

namespace Kontor.Ordering.Orders;

/// <summary>Reads the streams of orders.</summary>
static class OrderStream
{
    static readonly Dictionary<string, Type> Types = typeof(OrderEvent)
        .GetNestedTypes()
        .ToDictionary(EventNameAttribute.Of, StringComparer.Ordinal);

    /// <summary>The order as all of its events make it; null where there is none.</summary>
    public static async Task<Order?> Fold(NpgsqlConnection connection, OrderId order, CancellationToken stop)
    {
        await using var read = connection.Statement(
            "select type, body from journal where stream = $1 order by version",
            Order.StreamOf(order)
        );
        await using var row = await read.ExecuteReaderAsync(stop);
        List<OrderEvent> events = [];
        while (await row.ReadAsync(stop))
            events.Add(Read(row.GetString(0), row.GetString(1)));
        return Order.Fold(events);
    }

    static OrderEvent Read(string name, string body) =>
        Types.TryGetValue(name, out var type)
            ? (OrderEvent)JsonSerializer.Deserialize(body, type, KontorJson.Options)!
            : throw new UnreachableException($"An order does not know {name}.");
}
