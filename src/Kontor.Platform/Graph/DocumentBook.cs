using GraphQLParser.AST;

namespace Kontor.Platform.Graph;

/// <summary>A document as it is executed: parsed, and measured.</summary>
/// <param name="Weight">The bytes that it takes in memory, about.</param>
sealed record KnownDocument(string Text, GraphQLDocument Document, QueryCost Cost, long Weight)
{
    /// <summary>Whether it was held against the schema and fits: it is the same for everybody and for all variables.</summary>
    public volatile bool IsValid;
}

/// <summary>Documents that were asked for lately, by their text or by their hash. What was not asked for the longest goes
/// where there is no more room, so that whoever sends ever new ones costs no more memory than this.</summary>
sealed class DocumentBook(long maxWeight)
{
    /// <summary>For the places in the list and the table.</summary>
    const int EntryWeight = 256;

    readonly Lock gate = new();
    readonly Dictionary<string, LinkedListNode<Entry>> places = new(StringComparer.Ordinal);
    readonly LinkedList<Entry> order = [];

    public long Weight { get; private set; }

    public int Count => places.Count;

    public Entry? Find(string key)
    {
        lock (gate)
        {
            if (!places.TryGetValue(key, out var place))
                return null;
            order.Remove(place);
            order.AddFirst(place);
            return place.Value;
        }
    }

    /// <param name="now">When it was seen where it comes from.</param>
    public void Keep(string key, KnownDocument document, long now = 0)
    {
        var entry = new Entry(key, document, now, document.Weight + (2 * key.Length) + EntryWeight);
        lock (gate)
        {
            Drop(key);
            places[key] = order.AddFirst(entry);
            Weight += entry.Weight;
            while (Weight > maxWeight && order.Last is { } last)
                Drop(last.Value.Key);
        }
    }

    public void Forget(string key)
    {
        lock (gate)
            Drop(key);
    }

    void Drop(string key)
    {
        if (!places.Remove(key, out var place))
            return;
        order.Remove(place);
        Weight -= place.Value.Weight;
    }

    internal sealed record Entry(string Key, KnownDocument Document, long SeenAt, long Weight);
}
