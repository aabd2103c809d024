using Kontor.Kernel;

namespace Kontor.Catalog.Search;

/// <summary>Finds products by words. The seam at which another engine takes over.</summary>
public interface IProductSearch
{
    /// <summary>Ids of the products that match, best first, with the cursor of the next page; a refusal when the cursor is
    /// not one of this search.</summary>
    /// <param name="query">Words as people type them; the last one may be the beginning of a word.</param>
    /// <param name="limit">1 or more.</param>
    /// <param name="after">The cursor of the page before; null begins.</param>
    Task<Result<Page<Guid>>> Find(string query, int limit, string? after, CancellationToken stop);
}
