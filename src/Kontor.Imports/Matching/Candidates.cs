namespace Kontor.Imports.Matching;

/// <summary>
/// Blocking: which pairs are looked at closely. An index from words to the articles that have them; each article asks for its
/// rarest words first, until it has seen so many entries, and keeps the few with the greatest common weight. The work and
/// the memory grow with the number of articles and not with its square.
/// </summary>
sealed class Candidates
{
    readonly Profile[] profiles;
    readonly Vocabulary vocabulary;
    readonly MatchingLimits limits;
    readonly int[] starts;
    readonly int[] entries;

    public Candidates(Profile[] profiles, Vocabulary vocabulary, MatchingLimits limits)
    {
        (this.profiles, this.vocabulary, this.limits) = (profiles, vocabulary, limits);
        starts = new int[vocabulary.Count + 1];
        foreach (var profile in profiles)
        foreach (var key in profile.Keys)
            starts[key + 1]++;
        for (var i = 0; i < vocabulary.Count; i++)
            starts[i + 1] += starts[i];
        entries = new int[starts[^1]];
        var next = starts.AsSpan(0, vocabulary.Count).ToArray();
        for (var i = 0; i < profiles.Length; i++)
            foreach (var key in profiles[i].Keys)
                entries[next[key]++] = i;
    }

    /// <summary>Where one thread counts; as long as there are articles.</summary>
    public sealed class Sheet(int articles)
    {
        public readonly float[] Common = new float[articles];
        public readonly List<int> Touched = [];
        public readonly List<int> Keys = [];
    }

    /// <summary>The articles of other suppliers that have most in common with this one, best first.</summary>
    public int[] Of(int article, Sheet sheet)
    {
        var own = profiles[article];
        sheet.Keys.Clear();
        sheet.Keys.AddRange(own.Keys);
        sheet.Keys.Sort(
            (one, other) => Size(one) != Size(other) ? Size(one).CompareTo(Size(other)) : one.CompareTo(other)
        );
        sheet.Touched.Clear();
        var seen = 0;
        foreach (var key in sheet.Keys)
        {
            seen += Size(key);
            if (seen > limits.EntriesPerArticle && sheet.Touched.Count > 0)
                break;
            if (Size(key) > limits.EntriesPerArticle)
                break;
            var weight = (float)(vocabulary.Weight(key) * vocabulary.Weight(key));
            foreach (var other in entries.AsSpan(starts[key], Size(key)))
            {
                if (profiles[other].Supplier == own.Supplier)
                    continue;
                if (sheet.Common[other] == 0)
                    sheet.Touched.Add(other);
                sheet.Common[other] += weight;
            }
        }
        return Keep(sheet);
    }

    int Size(int key) => starts[key + 1] - starts[key];

    /// <summary>The best few in order, without sorting the thousands that have a word in common.</summary>
    int[] Keep(Sheet sheet)
    {
        var best = new List<(float Common, int Article)>(limits.CandidatesPerArticle + 1);
        foreach (var other in sheet.Touched)
        {
            var common = sheet.Common[other] * profiles[other].PerWholeLength;
            sheet.Common[other] = 0;
            if (best.Count == limits.CandidatesPerArticle && !IsBefore((common, other), best[^1]))
                continue;
            var place = best.Count;
            while (place > 0 && IsBefore((common, other), best[place - 1]))
                place--;
            best.Insert(place, (common, other));
            if (best.Count > limits.CandidatesPerArticle)
                best.RemoveAt(best.Count - 1);
        }
        return [.. best.Select(one => one.Article)];
    }

    static bool IsBefore((float Common, int Article) one, (float Common, int Article) other) =>
        one.Common != other.Common ? one.Common > other.Common : one.Article < other.Article;
}
