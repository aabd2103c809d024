namespace Kontor.Catalog.Bundles;

/// <summary>Of what a bundle is made at the moment in which it is taken.</summary>
/// <param name="IsSold">Whether its own product is sold now; of its components the stock rows say it.</param>
/// <param name="Components">SKUs, and pieces in one bundle.</param>
sealed record Recipe(bool IsSold, IReadOnlyDictionary<string, long> Components);

/// <summary>What a reservation took of a component for a bundle.</summary>
/// <param name="Quantity">Bundles.</param>
/// <param name="Pieces">Of the component in one bundle.</param>
sealed record HeldBundle(string Sku, long Quantity, string Component, long Pieces);

/// <summary>The rule: what a demand takes from the shelves, where bundles are taken as their components, summed by SKU with
/// what is asked for alone. No I/O.</summary>
sealed class Expansion(IReadOnlyDictionary<string, long> demand, IReadOnlyDictionary<string, Recipe> recipes)
{
    readonly string[] bundles = recipes.Count == 0 ? [] : [.. demand.Keys.Where(recipes.ContainsKey)];

    /// <summary>Bundles asked for that are not sold now.</summary>
    public IEnumerable<string> Unsold => bundles.Where(sku => !recipes[sku].IsSold);

    /// <summary>What is to be taken; without bundles the demand itself.</summary>
    public IReadOnlyDictionary<string, long> Needed()
    {
        if (bundles.Length == 0)
            return demand;
        var needed = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (sku, quantity) in demand)
            if (!recipes.TryGetValue(sku, out var recipe))
                needed[sku] = needed.GetValueOrDefault(sku) + quantity;
            else
                foreach (var (component, pieces) in recipe.Components)
                    needed[component] = checked(needed.GetValueOrDefault(component) + (quantity * pieces));
        return needed;
    }

    /// <summary>What is kept with the reservation, so that a later change of a bundle does not change what it took.</summary>
    public IReadOnlyList<HeldBundle> Kept =>
        [
            .. bundles.SelectMany(sku =>
                recipes[sku].Components.Select(part => new HeldBundle(sku, demand[sku], part.Key, part.Value))
            ),
        ];

    /// <summary>Those asked for that need one of these: whoever asked knows of bundles, not of what they are made.</summary>
    public IReadOnlyList<string> Asking(IReadOnlyCollection<string> missing) =>
        bundles.Length == 0
            ? [.. missing]
            :
            [
                .. demand.Keys.Where(sku =>
                    recipes.TryGetValue(sku, out var recipe)
                        ? recipe.Components.Keys.Any(part => missing.Contains(part, StringComparer.Ordinal))
                        : missing.Contains(sku, StringComparer.Ordinal)
                ),
            ];

    /// <summary>What was asked for, of what stands: what lines hold beyond what bundles took, and the bundles.</summary>
    public static Dictionary<string, long> Asked(
        IEnumerable<(string Sku, long Quantity)> lines,
        IReadOnlyCollection<HeldBundle> bundles
    )
    {
        var asked = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (sku, quantity) in lines)
            asked[sku] = asked.GetValueOrDefault(sku) + quantity;
        foreach (var taken in bundles)
            asked[taken.Component] = asked.GetValueOrDefault(taken.Component) - (taken.Quantity * taken.Pieces);
        foreach (var taken in bundles)
            asked[taken.Sku] = taken.Quantity;
        return asked.Where(line => line.Value != 0).ToDictionary(StringComparer.Ordinal);
    }
}
