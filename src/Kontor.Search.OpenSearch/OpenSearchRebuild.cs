namespace Kontor.Search.OpenSearch;

/// <summary>An index that is being built beside the one that is searched. Write all products, then what came since, then let it
/// be searched.</summary>
public sealed class OpenSearchRebuild
{
    readonly Indices indices;
    readonly int number;
    readonly Target next;
    readonly Writer writer;
    readonly Target serving;

    internal OpenSearchRebuild(Indices indices, int number, Target next, Writer writer, Target serving) =>
        (this.indices, this.number, this.next, this.writer, this.serving) = (indices, number, next, writer, serving);

    /// <summary>As <see cref="ISearchEngine.Apply"/>, and seen by nobody yet.</summary>
    public Task Apply(
        IReadOnlyList<SearchDocument> written,
        IReadOnlyList<Guid> removed,
        long position,
        CancellationToken stop
    ) => writer.Write(written, removed, position, stop);

    /// <summary>As <see cref="ISearchEngine.Change"/>, and seen by nobody yet.</summary>
    public Task<IReadOnlyList<Guid>> Change(
        IReadOnlyList<ProductChange> changes,
        long position,
        CancellationToken stop
    ) => writer.Change(changes, position, stop);

    /// <summary>As <see cref="OpenSearchEngine.Note"/>.</summary>
    public Task Note(string name, string word, long version, CancellationToken stop) =>
        next.Note(name, word, version, stop);

    /// <summary>Lets the new index be searched from now on, where it is not behind the present one. The index before stays
    /// until the next is begun.</summary>
    /// <param name="position">How far the journal is applied in it.</param>
    /// <param name="evenIfBehind">The journal began anew, as after a database was restored: its positions are others.</param>
    /// <returns>False: it is behind; apply more, and again.</returns>
    public async Task<bool> Serve(long position, CancellationToken stop, bool evenIfBehind = false)
    {
        await next.SetPosition(position, stop);
        if (!evenIfBehind && await ServingPosition(stop) > position)
            return false;
        await indices.Switch(number, stop);
        return true;
    }

    async Task<long> ServingPosition(CancellationToken stop)
    {
        try
        {
            return await serving.Position(stop);
        }
        catch (SearchEngineException none) when (none.Kind == "index_not_found_exception")
        {
            return 0;
        }
    }
}
