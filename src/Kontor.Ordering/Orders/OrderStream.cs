using System.Diagnostics;
using System.Text.Json;
using Kontor.Contracts.Ordering;
using Kontor.Journal;
using Kontor.Kernel;

namespace Kontor.Ordering.Orders;

/// <summary>The events of orders, as the journal keeps them.</summary>
static class OrderStream
{
    static readonly Dictionary<string, Type> Types = typeof(OrderEvent)
        .GetNestedTypes()
        .ToDictionary(EventNameAttribute.Of, StringComparer.Ordinal);

    public static OrderEvent Read(RecordedEvent recorded) =>
        Types.TryGetValue(recorded.Type, out var type)
            ? (OrderEvent)JsonSerializer.Deserialize(recorded.Body, type, KontorJson.Tolerant)!
            : throw new UnreachableException($"An order does not know {recorded.Type}.");
}
