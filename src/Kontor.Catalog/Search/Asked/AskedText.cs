using System.Globalization;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Search.Asked;

/// <summary>Conditions and counts as they stand in an address: <c>colour:red</c>, <c>-colour:red</c>, <c>weight:1..2.5</c>,
/// <c>price:1000..=5000</c>; <c>colour</c>, <c>price:0..1000,1000..5000</c>, <c>weight:histogram:5</c>.</summary>
static class AskedText
{
    const string Between = "..";
    const string Histogram = "histogram:";
    const int MostRanges = 50;
    public const int MaxLength = 400;

    /// <summary>Those of one field are one condition: one of them must hold. Those that must not are another.</summary>
    public static Result<IReadOnlyList<AskedFilter>> Filters(IReadOnlyList<string> written)
    {
        var read = new List<AskedFilter>();
        for (var i = 0; i < written.Count; i++)
        {
            var (path, text) = ($"filter[{i}]", written[i]);
            var isNot = text.StartsWith('-');
            var body = isNot ? text[1..] : text;
            var colon = body.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || colon == body.Length - 1 || text.Length > MaxLength)
                return Wrong(
                    path,
                    $"field:value, at most {MaxLength} characters, such as colour:red or -price:1000..5000."
                );
            read.Add(new(path, body[..colon], [ValueOf(body[(colon + 1)..])], isNot));
        }
        return read.GroupBy(filter => (filter.Field, filter.IsNot))
            .Select(same => same.First() with { Values = [.. same.SelectMany(filter => filter.Values)] })
            .ToList();
    }

    public static Result<IReadOnlyList<AskedFacet>> Facets(IReadOnlyList<string> written)
    {
        var read = new List<AskedFacet>();
        for (var i = 0; i < written.Count; i++)
        {
            var (path, text) = ($"facet[{i}]", written[i]);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (text.Length is 0 or > MaxLength || colon == 0)
                return Wrong(path, "field, field:0..10,10..20 or field:histogram:5.");
            if (colon < 0)
                read.Add(new(path, text));
            else if (!Counted(path, text[..colon], text[(colon + 1)..]).Is(out var facet, out var rejection))
                return rejection;
            else
                read.Add(facet);
        }
        return read;
    }

    static Result<AskedFacet> Counted(string path, string field, string how)
    {
        if (how.StartsWith(Histogram, StringComparison.Ordinal))
            return
                double.TryParse(
                    how[Histogram.Length..],
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var width
                )
                && double.IsFinite(width)
                && width > 0
                ? new AskedFacet(path, field, Width: width)
                : Wrong(path, "field:histogram:width, the width more than 0.");
        var ranges = how.Split(',').Select(ValueOf).ToList();
        return ranges.Count <= MostRanges && ranges.TrueForAll(range => range.Range is not null)
            ? new AskedFacet(path, field, [.. ranges.Select(range => range.Range!)])
            : Wrong(path, $"1 to {MostRanges} ranges such as 0..1000,1000..5000, or histogram:5.");
    }

    static AskedValue ValueOf(string text)
    {
        var cut = text.IndexOf(Between, StringComparison.Ordinal);
        if (cut < 0)
            return new(text);
        var (from, to) = (text[..cut], text[(cut + Between.Length)..]);
        var includes = to.StartsWith('=');
        to = includes ? to[1..] : to;
        return from.Length + to.Length == 0
            ? new(text)
            : new(text, new(from.Length == 0 ? null : from, to.Length == 0 ? null : to, includes));
    }

    static Rejection Wrong(string path, string reason) => Refusals.ValidationFailed.At(path, reason);
}
