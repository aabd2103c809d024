using Kontor.Catalog.Search.Fields;
using Kontor.Search;

namespace Kontor.Catalog.Search.Following;

/// <summary>Where the products of the shop are found, and what search knows beside them. Any thread.</summary>
abstract class SearchedShop
{
    volatile ShopBooks books = ShopBooks.Empty;

    public abstract ISearchEngine Engine { get; }

    /// <summary>What prices there are in.</summary>
    public abstract IReadOnlyList<string> Currencies { get; }

    public ShopBooks Books
    {
        get => books;
        set => books = value;
    }
}
