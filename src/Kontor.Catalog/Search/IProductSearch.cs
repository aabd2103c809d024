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
    /// <param name="looking">Who looks: nothing is found that they may not see.</param>
    Task<Result<Page<Guid>>> Find(string query, int limit, string? after, Looking looking, CancellationToken stop);
}

/// <summary>Who looks for products.</summary>
/// <param name="Channel">The key of the channel that they look in; null: none.</param>
/// <param name="At">The moment that they want to see; null: now.</param>
/// <param name="Everything">Also what is not published, deleted or of other channels.</param>
public readonly record struct Looking(string? Channel = null, DateTimeOffset? At = null, bool Everything = false);
