using System.Runtime.InteropServices;

namespace Kontor.Imports.Matching;

/// <summary>Articles of several suppliers that are one, each supplier with one at most.</summary>
/// <param name="Articles">By supplier and id.</param>
public sealed record Cluster(IReadOnlyList<Article> Articles);

/// <summary>Joins pairs to clusters. Where two clusters must not become one, the pair between them goes to a person.</summary>
/// <param name="Joined">Clusters of two or more.</param>
/// <param name="Review">Pairs for a person: those that were so already, and automatic ones that contradict stronger ones.</param>
public sealed record Clusters(IReadOnlyList<Cluster> Joined, IReadOnlyList<Match> Review)
{
    /// <summary>
    /// The stronger pair first; the order of the pairs does not matter. A cluster never gets two articles of one supplier,
    /// nor two articles that both have valid GTINs and share none.
    /// </summary>
    public static Clusters Of(IReadOnlyList<Match> matches)
    {
        var clusters = new Dictionary<(string Supplier, string Id), List<Article>>();
        var review = new List<Match>();
        foreach (var match in matches.OrderByDescending(match => match.Score).ThenBy(match => match, ByArticles))
        {
            if (match.Decision == Decision.Review)
                review.Add(match);
            if (match.Decision != Decision.Automatic)
                continue;
            var (left, right) = (Of(clusters, match.Left), Of(clusters, match.Right));
            if (ReferenceEquals(left, right))
                continue;
            if (Contradiction(left, right) is { } reason)
            {
                review.Add(match with { Decision = Decision.Review, Reasons = [reason, .. match.Reasons] });
                continue;
            }
            var (greater, lesser) = left.Count >= right.Count ? (left, right) : (right, left);
            greater.AddRange(lesser);
            foreach (var article in lesser)
                clusters[(article.Supplier, article.Id)] = greater;
        }
        var joined = new HashSet<List<Article>>(clusters.Values, ReferenceEqualityComparer.Instance)
            .Where(cluster => cluster.Count > 1)
            .Select(cluster => new Cluster([.. cluster.Order(Comparer<Article>.Create(Pairs.Order))]))
            .OrderBy(cluster => cluster.Articles[0], Comparer<Article>.Create(Pairs.Order));
        return new([.. joined], review);
    }

    static readonly Comparer<Match> ByArticles = Comparer<Match>.Create(
        (one, other) =>
            Pairs.Order(one.Left, other.Left) is var left and not 0 ? left : Pairs.Order(one.Right, other.Right)
    );

    static List<Article> Of(Dictionary<(string, string), List<Article>> clusters, Article article)
    {
        ref var cluster = ref CollectionsMarshal.GetValueRefOrAddDefault(
            clusters,
            (article.Supplier, article.Id),
            out _
        );
        return cluster ??= [article];
    }

    static string? Contradiction(List<Article> left, List<Article> right)
    {
        foreach (var one in left)
        foreach (var other in right)
        {
            if (one.Supplier == other.Supplier)
                return $"would join {one.Id} and {other.Id} of {one.Supplier}";
            var (mine, theirs) = (Valid(one), Valid(other));
            if (mine.Count > 0 && theirs.Count > 0 && !mine.Overlaps(theirs))
                return $"would join the GTINs {mine.Min(StringComparer.Ordinal)} and {theirs.Min(StringComparer.Ordinal)}";
        }
        return null;
    }

    static HashSet<string> Valid(Article article) =>
        new((article.Gtins ?? []).Select(Gtin.Normalised).OfType<string>(), StringComparer.Ordinal);
}
