namespace Kontor.Search.OpenSearch;

/// <summary>Writes products and then how far the journal is applied, behind an alias.</summary>
sealed class Writer(Target target, Spaces spaces)
{
    /// <summary>Writes; nothing of it need be seen yet.</summary>
    public Task Write(
        IReadOnlyList<SearchDocument> written,
        IReadOnlyList<Guid> removed,
        long position,
        CancellationToken stop
    )
    {
        var last = new Dictionary<Guid, SearchDocument>();
        foreach (var document in written)
            last[document.Id] = document;
        return target.Write(
            [
                .. removed
                    .Distinct()
                    .Where(id => !last.ContainsKey(id))
                    .Select(id => new BulkItem(id.ToString(), position, Written.Removed(id))),
                .. last.Values.Select(document => new BulkItem(
                    document.Id.ToString(),
                    position,
                    Written.Of(document, spaces)
                )),
            ],
            stop
        );
    }

    /// <summary>Reads the products, changes them and writes them back.</summary>
    /// <remarks>
    /// What another writer does between reading and writing is not lost. Whoever writes position 7 has applied all before it, so
    /// what was read holds all before 7; and what is written later than 7 refuses this write, which it holds already.
    /// </remarks>
    /// <returns>Products that are not there with each of the variants.</returns>
    public async Task<IReadOnlyList<Guid>> Change(
        IReadOnlyList<ProductChange> changes,
        long position,
        CancellationToken stop
    )
    {
        var there = await target.Read([.. changes.Select(change => change.Product)], stop);
        var (missing, items) = (new List<Guid>(), new List<BulkItem>());
        foreach (var of in changes.GroupBy(change => change.Product))
            if (
                !there.TryGetValue(of.Key, out var found) || !of.All(one => Changed.Apply(found.Document, one.Variants))
            )
                missing.Add(of.Key);
            else if (found.Version <= position)
                items.Add(new(of.Key.ToString(), position, found.Document));
        await target.Write(items, stop);
        return missing;
    }
}
