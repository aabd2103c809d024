using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Patterns of attributes, compiled for an engine whose time grows with the text and never with its cunning.</summary>
static class Patterns
{
    const int MaxLength = 500;
    const int MaxRepeat = 1_000;
    const int MaxStates = 1_000;
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
        if (UnfoldedLength(pattern) > MaxRepeat)
            return $"Its repetitions, multiplied, are more than {MaxRepeat}.";
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

    /// <summary>The product of all counted repetitions: an upper bound for how often one place of the pattern stands in
    /// its automaton.</summary>
    static long UnfoldedLength(string pattern)
    {
        long unfolded = 1;
        for (var at = pattern.IndexOf('{', StringComparison.Ordinal); at >= 0; at = pattern.IndexOf('{', at + 1))
        {
            var end = pattern.IndexOf('}', at);
            if (end < 0)
                break;
            var last = pattern.AsSpan(at + 1, end - at - 1);
            var most = last.Length > 0 && last[^1] == ',' ? last[..^1] : last[(last.IndexOf(',') + 1)..];
            if (most.Length > 0 && !most.ContainsAnyExceptInRange('0', '9'))
                unfolded =
                    long.TryParse(most, out var times) && times <= MaxRepeat
                        ? Math.Min(unfolded * Math.Max(times, 1), long.MaxValue / (MaxRepeat + 1))
                        : long.MaxValue / (MaxRepeat + 1);
        }
        return unfolded;
    }
}
