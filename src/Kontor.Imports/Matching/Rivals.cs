using System.Runtime.InteropServices;

namespace Kontor.Imports.Matching;

/// <summary>For each article and each other supplier: the best two pairs and how many of them have the same number.</summary>
sealed class Rivals
{
    readonly record struct Standing(double Best, double Second, int Parts, int Gtins);

    readonly Profile[] profiles;
    readonly Dictionary<(int Article, int Supplier), Standing> standings = [];

    public Rivals(Profile[] profiles, List<Weighed> pairs)
    {
        this.profiles = profiles;
        foreach (var pair in pairs)
        {
            Count(pair.Left, profiles[pair.Right].Supplier, pair);
            Count(pair.Right, profiles[pair.Left].Supplier, pair);
        }
    }

    /// <summary>How far the next rival of the left, and of the right one, is behind; negative where it is ahead.</summary>
    public (double Left, double Right) Behind(Weighed pair) =>
        (
            Behind(standings[(pair.Left, profiles[pair.Right].Supplier)], pair.Strength),
            Behind(standings[(pair.Right, profiles[pair.Left].Supplier)], pair.Strength)
        );

    /// <summary>Whether another article of the same supplier has that number too, be it the bar code or the part number.</summary>
    public bool Share(Weighed pair)
    {
        var left = standings[(pair.Left, profiles[pair.Right].Supplier)];
        var right = standings[(pair.Right, profiles[pair.Left].Supplier)];
        return pair.SameGtin ? left.Gtins > 1 || right.Gtins > 1 : left.Parts > 1 || right.Parts > 1;
    }

    static double Behind(Standing standing, double strength) =>
        strength - (standing.Best == strength ? standing.Second : standing.Best);

    void Count(int article, int supplier, Weighed pair)
    {
        ref var standing = ref CollectionsMarshal.GetValueRefOrAddDefault(
            standings,
            (article, supplier),
            out var known
        );
        if (!known)
            standing = new(Scoring.Nobody, Scoring.Nobody, 0, 0);
        standing = new(
            Math.Max(standing.Best, pair.Strength),
            Math.Max(standing.Second, Math.Min(standing.Best, pair.Strength)),
            standing.Parts + (pair.SamePart ? 1 : 0),
            standing.Gtins + (pair.SameGtin ? 1 : 0)
        );
    }
}
