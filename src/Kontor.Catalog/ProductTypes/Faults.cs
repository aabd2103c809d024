namespace Kontor.Catalog.ProductTypes;

/// <summary>What is wrong with something, by JSON path, with the rule that says so.</summary>
/// <remarks>The first fault of a path counts; after <see cref="MostTold"/> no more are told, for nobody reads them.</remarks>
sealed class Faults
{
    public const int MostTold = 100;

    readonly Dictionary<string, (string Rule, string Reason)> found = new(StringComparer.Ordinal);

    public int Count => found.Count;

    /// <summary>The rule of the first fault.</summary>
    public string? FirstRule => found.Values.Select(fault => fault.Rule).FirstOrDefault();

    public IReadOnlyDictionary<string, string[]> ByPath =>
        found.ToDictionary(fault => fault.Key, fault => new[] { fault.Value.Reason }, StringComparer.Ordinal);

    public void Add(string path, string reason, string rule = "definition")
    {
        if (found.Count < MostTold)
            found.TryAdd(path, (rule, reason));
    }

    public void Unless(bool right, string path, string reason, string rule = "definition")
    {
        if (!right)
            Add(path, reason, rule);
    }
}
