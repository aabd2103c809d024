namespace Kontor.Search;

/// <summary>Where products are found: the index in this process, or an engine beside it. Any thread.</summary>
/// <remarks>
/// <para>The same in every engine: which products filters and visibility let through, conditions that hold for one and the
/// same variant, totals and counts (each product once, the facet of a field ignoring the selections on it), pins, the orders by
/// price, newest, number and text with what has no value last and ids between equals, and pages by cursor.</para>
/// <para>What may differ: scores and so the order by relevance, stems and stop words, how many words a begun word is taken for,
/// when a typing error is forgiven, whether products with most of the words are found where none has all, and the order of letters beyond U+FFFF in texts. The index in memory answers page, total and
/// counts of one state and takes a write whole; an engine of several shards answers each shard's own moment and takes a write
/// product by product. A cursor belongs to the kind of engine that gave it.</para>
/// <para>Each write says the position of the journal that it brings the index to, and writes come in its order. A write that
/// comes again, or late, from a process that was thought dead, never replaces a product by an older one in an engine that
/// several processes share; in memory there is no other writer.</para>
/// </remarks>
public interface ISearchEngine
{
    /// <summary>Finds products.</summary>
    /// <param name="query">Without faults: see <see cref="SearchQuery.Faults"/>.</param>
    /// <exception cref="SearchEngineException">The engine did not answer, or not for all of its products.</exception>
    ValueTask<SearchAnswer> Find(SearchQuery query, CancellationToken stop);

    /// <summary>Completes the last word that was typed, the most frequent first.</summary>
    ValueTask<IReadOnlyList<Completion>> Suggest(SuggestQuery query, CancellationToken stop);

    /// <summary>Where texts say what a query asked for, one list for each text.</summary>
    /// <param name="answer">What the query was answered.</param>
    ValueTask<IReadOnlyList<IReadOnlyList<TextMark>>> Marks(
        SearchQuery query,
        SearchAnswer answer,
        IReadOnlyList<SearchText> texts,
        CancellationToken stop
    );

    /// <summary>Removes products, then writes others, new or anew. When it returns, queries see all of it.</summary>
    /// <param name="written">Of two of one id the last counts.</param>
    /// <param name="removed">Ids that are not there are no fault.</param>
    /// <param name="position">How far the journal is applied with this.</param>
    ValueTask Apply(
        IReadOnlyList<SearchDocument> written,
        IReadOnlyList<Guid> removed,
        long position,
        CancellationToken stop
    );

    /// <summary>Changes prices and availability of products whose other values stay.</summary>
    /// <param name="changes">All of this position: one call for each.</param>
    /// <returns>Products that are not there, or not with each of these variants. Nothing of them was changed and the position
    /// stays where it was: write them whole.</returns>
    ValueTask<IReadOnlyList<Guid>> Change(IReadOnlyList<ProductChange> changes, long position, CancellationToken stop);

    /// <summary>Says that the journal is applied so far, whatever it was about.</summary>
    ValueTask Reached(long position, CancellationToken stop);

    /// <summary>How far the journal is applied, so that every query from now on sees it; 0 where nothing is.</summary>
    ValueTask<long> Position(CancellationToken stop);
}

/// <summary>What changes for a product's variants, together.</summary>
public sealed record ProductChange(Guid Product, IReadOnlyList<VariantChange> Variants);

/// <summary>A search engine refused, did not answer in time, or answered for a part of its products only.</summary>
/// <param name="message">With the engine's own reason.</param>
/// <param name="mayPass">Whether the same may go well later.</param>
public sealed class SearchEngineException(string message, bool mayPass, Exception? inner = null)
    : Exception(message, inner)
{
    public bool MayPass => mayPass;

    /// <summary>The engine's own word for what is wrong; null where it gave none.</summary>
    public string? Kind { get; init; }
}
