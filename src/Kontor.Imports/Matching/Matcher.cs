using System.Collections.Frozen;

namespace Kontor.Imports.Matching;

/// <summary>
/// Finds the same article among several suppliers: by GTIN, by brand and part number, by a score of what is said. Without
/// training, without a clock, without chance: the same articles in any order give the same answer.
/// </summary>
public sealed class Matcher(MatchingRules rules)
{
    readonly FrozenSet<string> repeating = rules.Repeating.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The pairs that are one article or may be, best first. All others are two.</summary>
    /// <param name="articles">Of all suppliers, in any order.</param>
    public IReadOnlyList<Match> Match(IReadOnlyList<Article> articles, CancellationToken stop)
    {
        // In one order, so that which words and rivals are met first never depends on the order of the feeds.
        var ordered = articles.ToArray();
        Array.Sort(ordered, Pairs.Order);
        var (profiles, vocabulary) = Profiles.Of(ordered, new Brands(rules.BrandAliases), stop);
        var comparer = new Comparer(vocabulary);
        var pairs = Weigh(profiles, vocabulary, comparer, stop);
        var rivals = new Rivals(profiles, pairs);

        var matches = new List<Match>();
        foreach (var pair in Assigned(profiles, pairs))
            if (Decide(profiles, pair, rivals, comparer) is { Decision: not Decision.None } match)
                matches.Add(match);
        matches.Sort(
            (one, other) =>
                one.Score != other.Score ? other.Score.CompareTo(one.Score)
                : Pairs.Order(one.Left, other.Left) is var left and not 0 ? left
                : Pairs.Order(one.Right, other.Right)
        );
        return matches;
    }

    List<Weighed> Weigh(Profile[] profiles, Vocabulary vocabulary, Comparer comparer, CancellationToken stop)
    {
        var candidates = new Candidates(profiles, vocabulary, rules.Limits);
        var found = new int[profiles.Length][];
        var inParallel = new ParallelOptions { CancellationToken = stop };
        Parallel.For(
            0,
            profiles.Length,
            inParallel,
            () => new Candidates.Sheet(profiles.Length),
            (i, _, sheet) =>
            {
                found[i] = candidates.Of(i, sheet);
                return sheet;
            },
            _ => { }
        );
        var kept = new List<Weighed>[profiles.Length];
        Parallel.For(
            0,
            profiles.Length,
            inParallel,
            i =>
            {
                var own = new List<Weighed>();
                foreach (var other in found[i])
                {
                    // Found from both sides it is compared once.
                    if (other < i && found[other].AsSpan().Contains(i))
                        continue;
                    var (left, right) = (Math.Min(i, other), Math.Max(i, other));
                    var comparison = comparer.Compare(profiles[left], profiles[right]);
                    var strength = Scoring.Strength(comparison);
                    if (strength >= Scoring.Floor)
                        own.Add(new(left, right, strength, comparison.Part == 1, comparison.Gtin == 1));
                }
                kept[i] = own;
            }
        );
        return [.. kept.SelectMany(own => own)];
    }

    /// <summary>The best pairs such that no article has two partners at one supplier, unless that supplier repeats itself.</summary>
    IEnumerable<Weighed> Assigned(Profile[] profiles, List<Weighed> pairs)
    {
        pairs.Sort(
            (one, other) =>
                one.Strength != other.Strength ? other.Strength.CompareTo(one.Strength)
                : one.Left != other.Left ? one.Left.CompareTo(other.Left)
                : one.Right.CompareTo(other.Right)
        );
        var taken = new HashSet<(int Article, int Supplier)>();
        foreach (var pair in pairs)
        {
            var (left, right) = (profiles[pair.Left], profiles[pair.Right]);
            var (ofLeft, ofRight) = ((pair.Left, right.Supplier), (pair.Right, left.Supplier));
            var leftIsFree = repeating.Contains(right.Article.Supplier) || !taken.Contains(ofLeft);
            var rightIsFree = repeating.Contains(left.Article.Supplier) || !taken.Contains(ofRight);
            if (!leftIsFree || !rightIsFree)
                continue;
            taken.Add(ofLeft);
            taken.Add(ofRight);
            yield return pair;
        }
    }

    Match Decide(Profile[] profiles, Weighed pair, Rivals rivals, Comparer comparer)
    {
        var (left, right) = (profiles[pair.Left], profiles[pair.Right]);
        var comparison = comparer.Compare(left, right);
        var (ahead, otherAhead) = rivals.Behind(pair);
        if (repeating.Contains(right.Article.Supplier))
            ahead = Scoring.FarBehind;
        if (repeating.Contains(left.Article.Supplier))
            otherAhead = Scoring.FarBehind;
        var isContested =
            Math.Min(ahead, otherAhead) < Scoring.Ahead
            || (
                !repeating.Contains(left.Article.Supplier)
                && !repeating.Contains(right.Article.Supplier)
                && rivals.Share(pair)
            );
        var score = pair.SameGtin ? 1 : Scoring.Score(pair.Strength, ahead, otherAhead);
        var thresholds = rules.Thresholds;
        // Brand and part number are equal: a person sees it, however the titles differ.
        if (comparison.Numbered == 1 && comparison.BrandAgrees == 1)
            score = Math.Max(score, thresholds.Review);
        var isBarred =
            isContested || (!pair.SameGtin && (comparison.TellingConflict > 0 || comparison.GtinConflict > 0));
        var decision =
            score >= thresholds.Automatic && !isBarred ? Decision.Automatic
            : score >= thresholds.Review ? Decision.Review
            : Decision.None;
        var reasons = decision == Decision.None ? [] : Reasons.For(left, right, comparison, isContested);
        return new(left.Article, right.Article, decision, Math.Round(score, 4), reasons);
    }
}

/// <summary>A pair that was compared: places of its articles, the lower one first, and what it weighs.</summary>
readonly record struct Weighed(int Left, int Right, double Strength, bool SamePart, bool SameGtin);
