using Kontor.Journal;

namespace Kontor.Catalog.Search.Following;

/// <summary>An index that is searched, and how far it has come.</summary>
sealed record Serving(ShopIndex Shop, Reach Reach);

/// <summary>The index that this process searches in.</summary>
sealed class SearchStanding
{
    volatile Serving? now;

    /// <summary>Null until the first one has been loaded.</summary>
    public Serving? Now => now;

    public void Serve(Serving next) => now = next;
}
