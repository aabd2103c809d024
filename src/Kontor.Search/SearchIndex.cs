using System.Runtime.InteropServices;
using Kontor.Search.Answering;
using Kontor.Search.Languages;
using Kontor.Search.Querying;
using Kontor.Search.Segments;

namespace Kontor.Search;

/// <summary>Products in memory, found by words and values. Any thread: one writes at a time, the others wait for it; readers
/// wait for nobody and see the index as it stood when they began.</summary>
/// <remarks>
/// Documents are written into segments that never change; a product that is written anew or removed is struck out in the old
/// one, and segments are merged as they become many or hollow. What a reader sees is one immutable list of segments, swapped
/// whole. Prices and availability alone change in place, each product's together.
/// decisions/0012-search-index.md says why.
/// </remarks>
public sealed class SearchIndex
{
    readonly Shared shared;
    readonly Places places = new();
    readonly WorkspacePool workspaces = new();
    readonly Lock writing = new();
    Standing standing = Standing.Empty;

    public SearchIndex(SearchSchema schema, Func<string, ILanguage?>? languages = null)
    {
        if (schema.MaxSegment is < 1 or > Posting.MostProducts)
            throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"A segment has 1 to {Posting.MostProducts} products."
            );
        shared = new(schema, new(languages ?? StemmedLanguage.Of));
        _ = shared.Availabilities;
    }

    /// <summary>How many products there are.</summary>
    public int Count => Now.Live;

    /// <summary>How far the caller's journal is applied, as the caller said.</summary>
    public long Position => Now.Position;

    /// <summary>Bytes that the arrays of the segments take; the writer's own books and the dictionary come on top.</summary>
    public long Bytes => Now.Bytes;

    internal int Segments => Now.Views.Count;

    internal Shared Shared => shared;

    Standing Now => Volatile.Read(ref standing);

    /// <summary>Removes products, then writes others, new or anew; readers see all of it or nothing.</summary>
    /// <remarks>Several threads may call it at once, and a big import should: texts are taken apart before the lock, which is held
    /// for merging only. 2,500 to 5,000 documents a call: fewer are merged more often, more are garbage that has grown old.
    /// <see cref="Compact"/> follows when all is written.</remarks>
    /// <param name="written">Of two of one id the last counts.</param>
    /// <param name="removed">Ids that are not there are no fault.</param>
    /// <param name="position">How far the journal is applied with this; null: as far as before.</param>
    public void Apply(IReadOnlyList<SearchDocument> written, IReadOnlyList<Guid> removed, long? position = null)
    {
        // Texts are taken apart before anybody has to wait: several threads may do so at once.
        var made = written
            .Reverse()
            .DistinctBy(document => document.Id)
            .Reverse()
            .Chunk(shared.Schema.MaxSegment)
            .Select(chunk => SegmentWriter.Write(chunk, shared))
            .ToList();
        lock (writing)
        {
            var views = Without(removed.Concat(made.SelectMany(IdsOf)));
            foreach (var id in removed)
                places.Remove(id);
            foreach (var segment in made)
            {
                places.Add(segment);
                views.Add(SegmentView.Of(segment));
            }
            while (Compaction.Next(views, shared.Schema.MaxSegment) is { Count: > 0 } next)
                views = Merged(views, next);
            Volatile.Write(ref standing, new(views, position ?? standing.Position));
        }
    }

    /// <summary>Changes prices and availability of a product's variants in place; readers see all of it or nothing.</summary>
    /// <returns>Whether the product and each variant are there; if not, nothing was changed.</returns>
    public bool Change(Guid product, IReadOnlyList<VariantChange> changes, long? position = null)
    {
        lock (writing)
        {
            if (places.Find(product) is not { } place || ValuesOf(place, changes) is not { } values)
                return false;
            place.Segment.Moving.Write(
                place.Product,
                place.Segment.Rows.VariantsOf(place.Product),
                CollectionsMarshal.AsSpan(values)
            );
            if (position is { } reached)
                Volatile.Write(ref standing, standing with { Position = reached });
            return true;
        }
    }

    /// <summary>Says that the journal is applied so far, whatever it was about.</summary>
    public void Reached(long position)
    {
        lock (writing)
            Volatile.Write(ref standing, standing with { Position = position });
    }

    /// <summary>Makes as few segments as may be, for when nobody waits to write: after the index was built.</summary>
    public void Compact()
    {
        while (true)
            lock (writing)
            {
                var most = Compaction.Most(standing.Views, shared.Schema.MaxSegment);
                if (most.Count == 0)
                    return;
                Volatile.Write(ref standing, standing with { Views = Merged([.. standing.Views], most) });
            }
    }

    /// <summary>Finds products.</summary>
    /// <param name="query">Without faults: see <see cref="SearchQuery.Faults"/>.</param>
    public SearchAnswer Find(SearchQuery query)
    {
        if (query.Faults().FirstOrDefault() is { Reason: not null } fault)
            throw new ArgumentException($"{fault.Path}: {fault.Reason}", nameof(query));
        var workspace = workspaces.Take();
        var answer = Finding.Run(Now, shared, query, workspace);
        workspaces.Return(workspace);
        return answer;
    }

    /// <summary>Completes the last word that was typed, the most frequent first.</summary>
    public IReadOnlyList<Completion> Suggest(SuggestQuery query) => Suggesting.Run(Now, shared, query);

    /// <summary>Where a text says what a query asked for.</summary>
    /// <param name="words">From the answer.</param>
    public IReadOnlyList<TextMark> Marks(MatchedWords words, string text, string language) =>
        words.In(text, shared.Tongues.Asked(language));

    static IEnumerable<Guid> IdsOf(Segment segment) => Enumerable.Range(0, segment.Count).Select(segment.IdOf);

    List<SegmentView> Without(IEnumerable<Guid> ids)
    {
        var gone = new Dictionary<Segment, HashSet<int>>();
        foreach (var id in ids)
            if (places.Find(id) is { } place)
            {
                if (!gone.TryGetValue(place.Segment, out var products))
                    gone[place.Segment] = products = [];
                products.Add(place.Product);
            }
        return
        [
            .. standing
                .Views.Select(view => gone.TryGetValue(view.Segment, out var products) ? view.Without(products) : view)
                .Where(view => view.Live > 0),
        ];
    }

    List<SegmentView> Merged(List<SegmentView> views, IReadOnlyList<int> these)
    {
        var merged = Merge.Of([.. these.Select(i => views[i])]);
        places.Add(merged);
        return [.. views.Where((_, i) => !these.Contains(i)), SegmentView.Of(merged)];
    }

    /// <summary>Null where a variant is not there; what is no price is refused. Nothing is changed yet.</summary>
    List<Moving.Value>? ValuesOf((Segment Segment, int Product) place, IReadOnlyList<VariantChange> changes)
    {
        var rows = place.Segment.Rows;
        var (first, end) = (rows.Products[place.Product] + 1, rows.Products[place.Product + 1]);
        var values = new List<Moving.Value>(changes.Count * 2);
        foreach (var change in changes)
        {
            var variant = Array.IndexOf(rows.Ids, change.Variant, first, end - first) - first;
            if (variant < 0)
                return null;
            if (change.Availability is { } availability)
                values.Add(new(variant, null, (long)availability));
            foreach (var price in change.Prices ?? [])
                values.Add(new(variant, shared.Books.NumberOf(price.Book), Moving.Kept(price.Amount)));
        }
        return values;
    }
}
