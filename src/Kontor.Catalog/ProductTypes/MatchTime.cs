using System.Diagnostics;

namespace Kontor.Catalog.ProductTypes;

/// <summary>The time that all matching for one request may take together: a product has hundreds of texts.</summary>
sealed class MatchTime(TimeSpan most)
{
    public static readonly TimeSpan OfProduct = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan OfVerdict = TimeSpan.FromSeconds(30);

    TimeSpan taken;

    /// <summary>Whether the pattern finds a match in the text; null where that could not be said in time.</summary>
    public bool? Matches(string pattern, string text)
    {
        if (taken >= most)
            return null;
        var began = Stopwatch.GetTimestamp();
        var found = Patterns.Matches(pattern, text);
        taken += Stopwatch.GetElapsedTime(began);
        return found;
    }
}
