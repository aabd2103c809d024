namespace Kontor.Imports.Survivorship;

/// <summary>How the parts of a product are laid together.</summary>
/// <param name="Key">Of a list of objects: the member that says which are one; null for a list that is taken whole.</param>
/// <param name="IsSet">A list of texts in which each counts once.</param>
sealed record Shape(string? Key = null, bool IsSet = false)
{
    static readonly Shape Plain = new();
    static readonly Shape Variants = new("sku");
    static readonly Shape Prices = new("currency");
    static readonly Shape Keyed = new("key");
    static readonly Shape Set = new(IsSet: true);
    static readonly Shape Product = new();

    public static Shape Whole => Product;

    /// <summary>Of a member of an object of this shape.</summary>
    public Shape Of(string member) =>
        (this, member) switch
        {
            (var own, "variants") when ReferenceEquals(own, Product) => Variants,
            (var own, "categories") when ReferenceEquals(own, Product) => Set,
            (var own, "options") when ReferenceEquals(own, Product) => Keyed,
            (var own, "prices") when ReferenceEquals(own, Variants) => Prices,
            (var own, "values") when ReferenceEquals(own, Keyed) => Keyed,
            _ => Plain,
        };

    /// <summary>A price is one value: an amount of one row never gets the currency of another.</summary>
    public bool IsWholeItem => ReferenceEquals(this, Prices);
}
