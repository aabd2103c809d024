using Kontor.Search.Segments;

namespace Kontor.Search.Querying;

/// <summary>Which products of a segment may be seen: nobody is told anything of others.</summary>
sealed class Shown
{
    readonly long at;
    readonly Rows rows;
    readonly List<int> words;
    readonly bool isAll;

    public Shown(Segment segment, Shared shared, DateTimeOffset moment, string? channel)
    {
        (at, rows) = (moment.UtcTicks, segment.Rows);
        var field = shared.Fields.NumberOf(SearchFields.Channel);
        words =
        [
            .. new[] { SearchFields.EveryChannel, channel }
                .OfType<string>()
                .Select(key => shared.Words.Find(field, key))
                .OfType<int>(),
        ];
        isAll = rows.Windows.Count == 0 && words.Exists(word => segment.Words.ListOf(word).Length == segment.Count);
    }

    public bool Has(int product)
    {
        if (isAll)
            return true;
        if (rows.Windows.TryGetValue(product, out var window) && (at < window.From || at >= window.Until))
            return false;
        foreach (var word in words)
            if (rows.OwnWords(product).BinarySearch(word) >= 0)
                return true;
        return false;
    }
}
