namespace Kontor.Search.Tests;

/// <summary>What the words of a query give each product, by brute force.</summary>
sealed class OracleWords
{
    readonly List<SearchDocument> documents;
    readonly SearchSchema schema;
    readonly SearchQuery query;
    readonly List<Dictionary<Guid, int>> wanted = [];
    readonly List<HashSet<Guid>> excluded = [];
    readonly string code;

    public OracleWords(IEnumerable<SearchDocument> all, SearchSchema schema, SearchQuery query)
    {
        (documents, this.schema, this.query) = ([.. all], schema, query);
        code = query.Text.Trim();
        var clauses = Clauses(query.Text);
        var asked = clauses.Where(clause => !clause.IsNot).ToList();
        var saying = asked.Where(clause => clause.Words.Any(word => !IsStop(word))).ToList();
        foreach (var clause in saying.Count > 0 ? saying : asked)
            wanted.Add(Wanted(clause));
        foreach (var clause in clauses.Where(clause => clause.IsNot))
            excluded.Add([.. Exact(clause.Words).Keys]);
    }

    /// <summary>All words, or as many as the product that has most of them, if that is half of them or more.</summary>
    int Least => known ??= LeastOf();

    int? known;

    /// <summary>Whether only what has all of the words is found.</summary>
    public bool NeedsAll => Least >= wanted.Count;

    int LeastOf()
    {
        var most = documents
            .Where(document => Oracle.IsShown(document, query))
            .Select(document => wanted.Count(of => of.ContainsKey(document.Id)))
            .DefaultIfEmpty(0)
            .Max();
        return 2 * most >= wanted.Count ? most : wanted.Count;
    }

    bool IsStop(string word) => query.Language == ToyLanguage.Tag && ToyLanguage.StemOf(word) is null;

    /// <summary>Null where the words do not find it.</summary>
    public long? ScoreOf(SearchDocument document)
    {
        var isCode =
            code.Length > 0 && document.Codes.Any(one => string.Equals(one, code, StringComparison.OrdinalIgnoreCase));
        var isFound =
            wanted.Count(of => of.ContainsKey(document.Id)) >= Least
            && !excluded.Exists(of => of.Contains(document.Id));
        if (!isFound && !isCode && !query.Pins.Contains(document.Id))
            return null;
        return wanted.Sum(of => Weight(of.Count) * of.GetValueOrDefault(document.Id)) + (isCode ? 1_000_000_000 : 0);
    }

    long Weight(int with) =>
        Math.Max(1, (long)Math.Round(32 * Math.Log(1 + ((documents.Count - with + 0.5) / (with + 0.5)))));

    sealed record Clause(List<string> Words, bool IsPhrase, bool IsNot, bool IsBegun);

    /// <summary>Words between spaces; a phrase in quotes is one piece here.</summary>
    static List<Clause> Clauses(string text)
    {
        var clauses = new List<Clause>();
        for (var at = 0; at < text.Length; )
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }
            var isNot = text[at] == '-';
            at += isNot ? 1 : 0;
            var isPhrase = at < text.Length && text[at] == '"';
            var end = isPhrase ? text.IndexOf('"', at + 1) : text.IndexOf(' ', at);
            end = end < 0 ? text.Length : end;
            var words = text[(isPhrase ? at + 1 : at)..end].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
            if (words.Count > 0)
                clauses.Add(new(words, isPhrase, isNot, !isPhrase && end == text.Length));
            at = end + (isPhrase ? 1 : 0);
        }
        return clauses;
    }

    Dictionary<Guid, int> Wanted(Clause clause)
    {
        var best = Exact(clause.Words);
        if (clause.IsPhrase)
            return best;
        var word = clause.Words[0];
        foreach (var other in query.Synonyms?.GetValueOrDefault(word) ?? [])
            Add(best, Exact([.. other.Split(' ')]), 90);
        if (clause.IsBegun && query.CompletesLastWord)
            foreach (var language in Spoken)
            foreach (var term in Begun(language, word))
                Add(best, Surface(language, term), 80);
        if (query.ForgivesTypos && best.Count == 0)
            foreach (var language in Spoken)
            foreach (var (term, errors) in Mistyped(language, word))
                Add(best, Surface(language, term), errors == 1 ? 70 : 50);
        return best;
    }

    static void Add(Dictionary<Guid, int> best, Dictionary<Guid, int> found, int percent)
    {
        foreach (var (id, impact) in found)
            best[id] = Math.Max(best.GetValueOrDefault(id), Math.Max(1, impact * percent / 100));
    }

    IEnumerable<string> Spoken => query.Language == ToyLanguage.Tag ? [ToyLanguage.Tag, ""] : [""];

    /// <summary>A word, or several at their distances, by their stems in each language that is looked in.</summary>
    Dictionary<Guid, int> Exact(List<string> words)
    {
        var best = new Dictionary<Guid, int>();
        foreach (var language in Spoken)
        {
            var stems = words
                .Select((word, at) => (Stem: language == "" ? word : ToyLanguage.StemOf(word), At: at))
                .Where(word => word.Stem is not null)
                .ToList();
            if (stems.Count > 0)
                Add(
                    best,
                    documents
                        .Select(document => (document.Id, Phrase(document, language, stems!)))
                        .Where(one => one.Item2 > 0)
                        .ToDictionary(),
                    100
                );
        }
        return best;
    }

    int Phrase(SearchDocument document, string language, List<(string Stem, int At)> stems)
    {
        var places = Places(document, language);
        var starts = places.Where(place => place.Stem == stems[0].Stem).Select(place => place.At - stems[0].At);
        var isThere = starts.Any(start =>
            stems.All(stem => places.Exists(place => place.Stem == stem.Stem && place.At == start + stem.At))
        );
        return isThere
            ? (int)
                Math.Floor(
                    stems.Average(stem =>
                        (double)Impact(places.Where(place => place.Stem == stem.Stem).Select(place => place.Weight))
                    )
                )
            : 0;
    }

    static int Impact(IEnumerable<double> weights) =>
        weights.Aggregate(0.0, (sum, one) => sum + one) is var weight
            ? Math.Clamp((int)Math.Round(255 * weight / (weight + 1.2)), 1, 255)
            : 0;

    Dictionary<Guid, int> Surface(string language, string term) =>
        documents
            .Select(document =>
                (
                    document.Id,
                    Places: Places(document, language).FindAll(place => place.Completes && place.Word == term)
                )
            )
            .Where(one => one.Places.Count > 0)
            .ToDictionary(one => one.Id, one => Impact(one.Places.Select(place => place.Weight)));

    List<(string Word, string? Stem, int At, double Weight, bool Completes)> Places(
        SearchDocument document,
        string language
    )
    {
        var places = new List<(string, string?, int, double, bool)>();
        var at = 0;
        foreach (var text in document.Texts.Where(text => text.Language == language))
        {
            var field = schema.Texts.FirstOrDefault(one => one.Name == text.Field) ?? new TextField("");
            var words = text.Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var weight = field.Boost / (1 - 0.75 + (0.75 * words.Length / Math.Max(1, field.UsualLength)));
            foreach (var word in words)
                places.Add(
                    (word, language == "" ? word : ToyLanguage.StemOf(word), at++, weight, field.CompletesWords)
                );
            at += 100;
        }
        return places;
    }

    IEnumerable<string> Vocabulary(string language) =>
        documents
            .SelectMany(document => Places(document, language))
            .Where(place => place.Completes)
            .Select(place => place.Word)
            .Distinct();

    IEnumerable<string> Begun(string language, string word) =>
        Vocabulary(language)
            .Where(term => term.StartsWith(word, StringComparison.Ordinal))
            .OrderBy(term => term.Length)
            .ThenBy(term => term, StringComparer.Ordinal)
            .Take(50);

    IEnumerable<(string Term, int Errors)> Mistyped(string language, string word)
    {
        var most =
            word.Length < 4 ? 0
            : word.Length < 8 ? 1
            : 2;
        return Vocabulary(language)
            .Where(term => most > 0 && term[0] == word[0])
            .Select(term => (term, Errors(word, term)))
            .Where(near => near.Item2 <= most)
            .OrderBy(near => near.Item2)
            .ThenBy(near => near.term, StringComparer.Ordinal)
            .Take(20);
    }

    /// <summary>By its definition, letter by letter.</summary>
    static int Errors(string one, string other)
    {
        if (one.Length == 0 || other.Length == 0)
            return one.Length + other.Length;
        if (one[0] == other[0])
            return Errors(one[1..], other[1..]);
        if (Math.Abs(one.Length - other.Length) > 4)
            return 99;
        var least = Math.Min(Errors(one[1..], other), Math.Min(Errors(one, other[1..]), Errors(one[1..], other[1..])));
        return one.Length > 1 && other.Length > 1 && one[0] == other[1] && one[1] == other[0]
            ? 1 + Math.Min(least, Errors(one[2..], other[2..]))
            : 1 + least;
    }
}
