using System.Text;
using Kontor.Search.Segments;

namespace Kontor.Search.Querying;

/// <summary>Terms that a word may have been meant as: how it goes on, or what it is but for a typing error.</summary>
/// <remarks>Only terms of products that are there count, and what is cut off is cut by a rule on the terms alone: another
/// process with the same products finds the same, however its segments lie.</remarks>
static class NearTerms
{
    /// <summary>Words that a begun word is taken for: the shortest.</summary>
    public const int MostBegun = 50;

    /// <summary>Words that a mistyped word is taken for: the nearest.</summary>
    public const int MostMistyped = 20;

    /// <summary>The terms that begin so, the shortest first, then in their order.</summary>
    public static IEnumerable<string> Begun(Standing standing, ushort space, string beginning)
    {
        var key = Terms.Key(space, beginning);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var view in standing.Views)
        foreach (var term in Shortest(view, key))
            found.Add(Terms.TermOf(view.Segment.Terms.KeyOf(term)));
        return found
            .Select(term => (Term: term, Key: Encoding.UTF8.GetBytes(term)))
            .OrderBy(term => term.Key.Length)
            .ThenBy(term => term.Key, Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))
            .Take(MostBegun)
            .Select(term => term.Term);
    }

    /// <summary>The shortest terms of one segment: the shortest of all segments are among them.</summary>
    static List<int> Shortest(SegmentView view, byte[] key)
    {
        var terms = view.Segment.Terms;
        var best = new List<int>(MostBegun + 1);
        for (var term = terms.From(key); term < terms.Count && terms.KeyOf(term).StartsWith(key); term++)
        {
            var length = terms.KeyOf(term).Length;
            if (best.Count == MostBegun && terms.KeyOf(best[^1]).Length <= length || !IsLive(view, term))
                continue;
            var at = best.Count;
            while (at > 0 && terms.KeyOf(best[at - 1]).Length > length)
                at--;
            best.Insert(at, term);
            if (best.Count > MostBegun)
                best.RemoveAt(MostBegun);
        }
        return best;
    }

    /// <summary>The terms with the same first letter that are few errors away, the nearest first.</summary>
    public static IEnumerable<(string Term, int Errors)> Mistyped(Standing standing, ushort space, string word)
    {
        var most = ErrorsIn(word);
        if (most == 0)
            return [];
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var key = Terms.Key(space, Rune.GetRuneAt(word, 0).ToString());
        Span<char> letters = stackalloc char[Languages.TextWords.MaxLetters * 4];
        foreach (var view in standing.Views)
        {
            var terms = view.Segment.Terms;
            for (var term = terms.From(key); term < terms.Count && terms.KeyOf(term).StartsWith(key); term++)
            {
                var bytes = terms.KeyOf(term)[2..];
                // A letter has one to three bytes: what is much longer or shorter in bytes is not decoded.
                if (bytes.Length < word.Length - most || bytes.Length > 3 * (word.Length + most))
                    continue;
                var other = letters[..Encoding.UTF8.GetChars(bytes, letters)];
                if (Errors(word, other, most) is { } errors && IsLive(view, term))
                    found[other.ToString()] = errors;
            }
        }
        return found
            .OrderBy(near => near.Value)
            .ThenBy(near => near.Key, StringComparer.Ordinal)
            .Take(MostMistyped)
            .Select(near => (near.Key, near.Value));
    }

    /// <summary>How many errors are forgiven. A number is what it is.</summary>
    static int ErrorsIn(string word)
    {
        if (word.Any(char.IsDigit))
            return 0;
        return word.Length switch
        {
            < 4 => 0,
            < 8 => 1,
            _ => 2,
        };
    }

    /// <summary>Letters that are wrong, missing, too many, or two that changed places; null where they are more.</summary>
    public static int? Errors(ReadOnlySpan<char> word, ReadOnlySpan<char> other, int most)
    {
        if (Math.Abs(word.Length - other.Length) > most)
            return null;
        var width = other.Length + 1;
        Span<int> before = stackalloc int[width];
        Span<int> last = stackalloc int[width];
        Span<int> row = stackalloc int[width];
        for (var j = 0; j < width; j++)
            last[j] = j;
        for (var i = 1; i <= word.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j < width; j++)
            {
                var cost = word[i - 1] == other[j - 1] ? 0 : 1;
                var errors = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && word[i - 1] == other[j - 2] && word[i - 2] == other[j - 1])
                    errors = Math.Min(errors, before[j - 2] + 1);
                row[j] = errors;
                least = Math.Min(least, errors);
            }
            if (least > most)
                return null;
            var free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[^1] <= most ? last[^1] : null;
    }

    static bool IsLive(SegmentView view, int term)
    {
        if (view.Deleted is null)
            return true;
        foreach (var posting in view.Segment.Terms.PostingsOf(term))
            if (view.Has(Posting.Product(posting)))
                return true;
        return false;
    }
}
