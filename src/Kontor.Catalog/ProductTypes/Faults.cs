using Kontor.Kernel;

namespace Kontor.Catalog.ProductTypes;

/// <summary>What is wrong with something, by JSON path, with the rule that says so.</summary>
/// <remarks>The first fault of a path counts; after <see cref="MostTold"/> no more are told, for nobody reads them.</remarks>
sealed class Faults
{
    public const int MostTold = 100;

    readonly Dictionary<string, (string Rule, string Reason)> found = new(StringComparer.Ordinal);

    /// <summary>The rule of what could not be said to be right or wrong.</summary>
    public const string Undecided = "undecided";

    /// <summary>The time that matching has, for all that is found wrong here together.</summary>
    public MatchTime Time { get; init; } = new(MatchTime.OfProduct);

    /// <summary>Whether something could not be said to be right or wrong.</summary>
    public bool IsUndecided { get; private set; }

    public int Count => found.Count;

    /// <summary>The refusal that these faults are, or the one of its own where something could not be decided.</summary>
    public Rejection As(Rejection wrong) =>
        (IsUndecided ? Rejections.AttributeUndecided : wrong) with
        {
            Errors = ByPath,
        };

    /// <summary>The rule of the first fault.</summary>
    public string? FirstRule => found.Values.Select(fault => fault.Rule).FirstOrDefault();

    public IReadOnlyDictionary<string, string[]> ByPath =>
        found.ToDictionary(fault => fault.Key, fault => new[] { fault.Value.Reason }, StringComparer.Ordinal);

    public void Add(string path, string reason, string rule = "definition")
    {
        IsUndecided |= rule == Undecided;
        if (found.Count < MostTold)
            found.TryAdd(path, (rule, reason));
    }

    public void Unless(bool right, string path, string reason, string rule = "definition")
    {
        if (!right)
            Add(path, reason, rule);
    }
}
