namespace Kontor.Catalog.Caching;

/// <summary>What bodies depend on, by the words that evict them.</summary>
static class Tags
{
    /// <summary>The tree of categories with its counts of products.</summary>
    public const string Tree = "tree";

    /// <summary>Categories themselves.</summary>
    public const string Categories = "categories";

    /// <summary>A product, as its answers show it, or as a bundle asks whether it is sold.</summary>
    public static string Product(Guid id) => $"product:{id:N}";

    /// <summary>The class of availability of a variant that is shown.</summary>
    public static string Sku(string sku) => $"sku:{sku}";

    /// <summary>The stock of a variant that a bundle shown is made of: its number decides, not only its class.</summary>
    public static string Part(string sku) => $"part:{sku}";

    public static string Type(string key) => $"type:{key}";

    public static string Media(string key) => $"media:{key}";

    /// <summary>The titles of a category, where they are shown with products.</summary>
    public static string Titles(string category) => $"titles:{category}";
}
