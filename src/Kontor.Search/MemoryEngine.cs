namespace Kontor.Search;

/// <summary>The index in this process, as an engine. Nothing here waits, so nothing is given up half-way.</summary>
public sealed class MemoryEngine(SearchIndex index) : ISearchEngine
{
    public ValueTask<SearchAnswer> Find(SearchQuery query, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return ValueTask.FromResult(index.Find(query));
    }

    public ValueTask<IReadOnlyList<Completion>> Suggest(SuggestQuery query, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return ValueTask.FromResult(index.Suggest(query));
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<TextMark>>> Marks(
        SearchQuery query,
        SearchAnswer answer,
        IReadOnlyList<SearchText> texts,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<TextMark>>>([
            .. texts.Select(text => index.Marks(answer.Words, text.Text, text.Language)),
        ]);
    }

    public ValueTask Apply(
        IReadOnlyList<SearchDocument> written,
        IReadOnlyList<Guid> removed,
        long position,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        index.Apply(written, removed, position);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Guid>> Change(
        IReadOnlyList<ProductChange> changes,
        long position,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        List<Guid> missing =
        [
            .. changes.Where(one => !index.Change(one.Product, one.Variants)).Select(one => one.Product),
        ];
        if (missing.Count == 0)
            index.Reached(position);
        return ValueTask.FromResult<IReadOnlyList<Guid>>([.. missing.Distinct()]);
    }

    public ValueTask Reached(long position, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        index.Reached(position);
        return ValueTask.CompletedTask;
    }

    public ValueTask<long> Position(CancellationToken stop) => ValueTask.FromResult(index.Position);
}
