namespace Kontor.Search.OpenSearch;

/// <summary>Products in an OpenSearch, found over HTTP. Any thread; one process writes at a time, and one that should not any
/// more does no harm: see <see cref="ISearchEngine"/>.</summary>
/// <remarks>
/// Refusals of too much (429, 503) and broken connections are tried again a few times; everything that is sent may be sent
/// twice. Breakers are handlers of the client's. decisions/0014-opensearch.md says why it is as it is.
/// </remarks>
public sealed class OpenSearchEngine : ISearchEngine
{
    readonly OpenSearchOptions options;
    readonly SearchSchema schema;
    readonly TimeProvider clock;
    readonly Spaces spaces;
    readonly Target target;
    readonly Writer writer;
    readonly Indices indices;
    Known known = new(0, null);

    /// <param name="http">Its own timeout is to be longer than the one of <paramref name="options"/>.</param>
    /// <exception cref="ArgumentException">The options or the schema have a fault.</exception>
    public OpenSearchEngine(HttpClient http, OpenSearchOptions options, SearchSchema schema, TimeProvider clock)
    {
        if (options.Fault is { } fault)
            throw new ArgumentException(fault, nameof(options));
        if (Spaces.FaultOf(schema) is { } wrong)
            throw new ArgumentException(wrong, nameof(schema));
        (this.options, this.schema, this.clock) = (options, schema, clock);
        spaces = new(options, schema);
        var exchange = new Exchange(http, options, clock);
        target = new(exchange, options, options.Alias);
        writer = new(target, spaces);
        indices = new(exchange, options, spaces);
    }

    /// <summary>Makes an empty index where there is none.</summary>
    public Task Ensure(CancellationToken stop) => indices.Ensure(stop);

    /// <summary>Begins an index beside the one that is searched. One at a time: what another one left unfinished is dropped,
    /// and so is the index that was searched before the present one.</summary>
    public async Task<OpenSearchRebuild> Rebuild(CancellationToken stop)
    {
        var (number, next) = await indices.Begin(stop);
        return new(indices, number, next, new(next, spaces), target);
    }

    /// <summary>Eight letters and digits that are others where an index of these options and this schema would be another.</summary>
    public static string ShapeOf(OpenSearchOptions options, SearchSchema schema) =>
        IndexShape.NameOf(options, new(options, schema));

    /// <summary>Aliases of indices of any shape: <c>prefix-shape</c>.</summary>
    public Task<IReadOnlyList<string>> Shapes(string prefix, CancellationToken stop) => indices.Shapes(prefix, stop);

    /// <summary>How far the index is; null where there is none.</summary>
    public async Task<long?> PositionIfAny(CancellationToken stop)
    {
        try
        {
            return await Position(stop);
        }
        catch (SearchEngineException none) when (none.Kind == "index_not_found_exception")
        {
            return null;
        }
    }

    /// <summary>As <see cref="Apply"/>, and the position stays: more of what leads to it is to come. It need not be seen before
    /// <see cref="Reached"/>.</summary>
    /// <param name="version">What was written at a later one stays.</param>
    public Task Write(
        IReadOnlyList<SearchDocument> written,
        IReadOnlyList<Guid> removed,
        long version,
        CancellationToken stop
    ) => writer.Write(written, removed, version, stop);

    /// <summary>Keeps a word beside the products; of several the one of the highest version stays.</summary>
    /// <param name="name">Small letters.</param>
    public Task Note(string name, string word, long version, CancellationToken stop) =>
        target.Note(name, word, version, stop);

    /// <summary>Null where nothing was noted.</summary>
    public Task<string?> Noted(string name, CancellationToken stop) => target.Noted(name, stop);

    /// <summary>Deletes what is not searched behind this alias: the index before, and what was left unfinished.</summary>
    public Task Sweep(CancellationToken stop) => indices.Sweep(stop);

    /// <summary>Deletes an index that is searched, and all behind its alias.</summary>
    public Task Drop(CancellationToken stop) => indices.Drop(stop);

    public async ValueTask<SearchAnswer> Find(SearchQuery query, CancellationToken stop)
    {
        if (query.Faults().FirstOrDefault() is { Reason: not null } fault)
            throw new ArgumentException($"{fault.Path}: {fault.Reason}", nameof(query));
        // Before the search: what is found is at least as new.
        var position = await KnownPosition(stop);
        var question = new Question(query, options);
        var words = new WordsAsked(query, spaces, forgives: false);
        var found = await target.Search(question.Body(words), question.Preference, stop);
        if (Answers.Total(found) == 0 && query.ForgivesTypos && words.MayBeMistyped)
            found = await target.Search(question.Body(new(query, spaces, forgives: true)), question.Preference, stop);
        return question.Read(found, position);
    }

    public async ValueTask<IReadOnlyList<Completion>> Suggest(SuggestQuery query, CancellationToken stop) =>
        Completing.Of(query, spaces) is { } completing
            ? completing.Read(await target.Search(completing.Body(options), null, stop))
            : [];

    /// <summary>Made here, by the words as they are typed, begun or mistyped and by this program's own stems: what OpenSearch found
    /// by a stem of its own may stay unmarked.</summary>
    public ValueTask<IReadOnlyList<IReadOnlyList<TextMark>>> Marks(
        SearchQuery query,
        SearchAnswer answer,
        IReadOnlyList<SearchText> texts,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        var index = new SearchIndex(new([.. schema.Texts.Select(field => field with { CompletesWords = true })]));
        index.Apply([new(Guid.Empty, query.At, texts, [])], []);
        var words = index.Find(query with { Within = [], Filters = [], Facets = [], After = null, Pins = [] }).Words;
        return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<TextMark>>>([
            .. texts.Select(text => index.Marks(words, text.Text, text.Language)),
        ]);
    }

    public async ValueTask Apply(
        IReadOnlyList<SearchDocument> written,
        IReadOnlyList<Guid> removed,
        long position,
        CancellationToken stop
    )
    {
        await writer.Write(written, removed, position, stop);
        await Reached(position, stop);
    }

    public async ValueTask<IReadOnlyList<Guid>> Change(
        IReadOnlyList<ProductChange> changes,
        long position,
        CancellationToken stop
    )
    {
        var missing = await writer.Change(changes, position, stop);
        if (missing.Count == 0)
            await Reached(position, stop);
        return missing;
    }

    public async ValueTask Reached(long position, CancellationToken stop) => await target.SetPosition(position, stop);

    public async ValueTask<long> Position(CancellationToken stop)
    {
        var position = await target.Position(stop);
        Volatile.Write(ref known, new(position, clock.GetTimestamp()));
        return position;
    }

    /// <summary>A position that was read a moment ago holds still: positions only grow.</summary>
    async ValueTask<long> KnownPosition(CancellationToken stop)
    {
        var (position, read) = Volatile.Read(ref known);
        return read is { } at && clock.GetElapsedTime(at).TotalMilliseconds < options.PositionAgeMs
            ? position
            : await Position(stop);
    }

    sealed record Known(long Position, long? ReadAt);
}
