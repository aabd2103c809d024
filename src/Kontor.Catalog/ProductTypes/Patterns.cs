using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Patterns of attributes, compiled for an engine whose time grows with the text and never with its cunning.</summary>
static class Patterns
{
    const int MaxLength = 500;
    const int MaxStates = 5_000;
    const int MostKept = 4_096;

    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    static readonly ConcurrentDictionary<string, Regex> Kept = new(StringComparer.Ordinal);

    /// <remarks>The engine itself counts the states that a pattern unfolds into, nested and open repetitions among them, and
    /// refuses one of too many. The limit is the process's, and nothing else in it uses this engine.</remarks>
    static Patterns() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MaxStates);

    /// <summary>What is wrong with a pattern; null where nothing is.</summary>
    public static string? FaultOf(string pattern)
    {
        if (pattern.Length is 0 or > MaxLength)
            return $"1 to {MaxLength} characters.";
        try
        {
            Of(pattern);
            return null;
        }
        catch (ArgumentException wrong)
        {
            return $"It is no regular expression: {wrong.Message}";
        }
        catch (NotSupportedException)
        {
            return "Backreferences, lookaround and atomic groups are not allowed, nor repetitions that unfold into more than "
                + $"{MaxStates} states: their time has no bound.";
        }
    }

    /// <summary>Whether the pattern finds a match in the text; null where that could not be said in time.</summary>
    public static bool? Matches(string pattern, string text)
    {
        try
        {
            return Of(pattern).IsMatch(text);
        }
        catch (Exception undecided) when (undecided is RegexMatchTimeoutException or NotSupportedException)
        {
            return null; // Too long, or a pattern of a time when larger ones were taken.
        }
    }

    static Regex Of(string pattern)
    {
        if (Kept.TryGetValue(pattern, out var kept))
            return kept;
        if (Kept.Count >= MostKept)
            Kept.Clear();
        return Kept.GetOrAdd(
            pattern,
            text => new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Longest)
        );
    }
}
