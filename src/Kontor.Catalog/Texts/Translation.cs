using Kontor.Kernel;

namespace Kontor.Catalog.Texts;

/// <summary>What search engines are told of a product.</summary>
/// <param name="Title">The page's title, at most 200 characters; absent: the product's.</param>
/// <param name="Description">What is shown below it, at most 500 characters; absent where there is none.</param>
public sealed record Seo(string? Title = null, string? Description = null);

/// <summary>A product's texts in another language than the shop's own; those that it has.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Description">Plain text.</param>
/// <param name="Body">Rich text: safe HTML.</param>
/// <param name="Seo">What search engines are told.</param>
public sealed record Translation(string? Title = null, string? Description = null, string? Body = null, Seo? Seo = null)
{
    internal static readonly Translation None = new();

    internal int Length =>
        (Title?.Length ?? 0)
        + (Description?.Length ?? 0)
        + (Body?.Length ?? 0)
        + (Seo?.Title?.Length ?? 0)
        + (Seo?.Description?.Length ?? 0);
}

/// <summary>What search engines are to be told; members left out stay, null clears.</summary>
public sealed record SeoRequest
{
    /// <summary>1 to 200 characters, no markup.</summary>
    public Optional<string?> Title { get; init; }

    /// <summary>1 to 500 characters, no markup.</summary>
    public Optional<string?> Description { get; init; }

    internal Seo? On(Seo? standing)
    {
        var seo = new Seo(Title.Or(standing?.Title), Description.Or(standing?.Description));
        return seo == new Seo() ? null : seo;
    }
}

/// <summary>A product's texts in another language; members left out stay, null clears.</summary>
public sealed record TranslationRequest
{
    /// <summary>1 to 300 characters, no markup.</summary>
    public Optional<string?> Title { get; init; }

    /// <summary>Plain text, at most 20,000 characters.</summary>
    public Optional<string?> Description { get; init; }

    /// <summary>Rich text, at most 50,000 characters of safe HTML; what is not safe is taken out.</summary>
    public Optional<string?> Body { get; init; }

    /// <summary>What search engines are told.</summary>
    public Optional<SeoRequest?> Seo { get; init; }
}
