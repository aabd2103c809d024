using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kontor.Catalog.Tests;

/// <summary>Counts what one request asks of the database, and how much of it at once: the door goes on with the caller's
/// trace id, and Npgsql tells of every command and batch under it.</summary>
sealed class Statements : IDisposable
{
    static readonly ConcurrentDictionary<string, Tally> Traces = new(StringComparer.Ordinal);
    static readonly ActivityListener Listener = Listen();

    readonly string trace = ActivityTraceId.CreateRandom().ToHexString();

    public string TraceParent => $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01";

    public int Count => Traces[trace].Started;

    public int MostAtOnce => Traces[trace].Most;

    /// <summary>The statements themselves, a batch as one text.</summary>
    public IReadOnlyList<string> Texts => Traces[trace].Texts;

    public static Statements Start()
    {
        _ = Listener;
        var counted = new Statements();
        Traces[counted.trace] = new();
        return counted;
    }

    public void Dispose() => Traces.TryRemove(trace, out _);

    /// <summary>Opening a connection is told of as well; the first request that a pool serves would seem to cost more.</summary>
    static bool IsStatement(Activity told) =>
        told.Source.Name == "Npgsql" && !told.OperationName.StartsWith("CONNECT ", StringComparison.Ordinal);

    static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = started =>
            {
                if (IsStatement(started) && Traces.TryGetValue(started.TraceId.ToHexString(), out var tally))
                    tally.Start();
            },
            ActivityStopped = ended =>
            {
                if (IsStatement(ended) && Traces.TryGetValue(ended.TraceId.ToHexString(), out var tally))
                    tally.End(ended.GetTagItem("db.query.text") as string);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    sealed class Tally
    {
        readonly Lock counting = new();
        int open;

        readonly List<string> texts = [];

        public IReadOnlyList<string> Texts
        {
            get
            {
                lock (counting)
                    return [.. texts];
            }
        }

        public int Started { get; private set; }

        public int Most { get; private set; }

        public void Start()
        {
            lock (counting)
            {
                Started++;
                Most = Math.Max(Most, ++open);
            }
        }

        public void End(string? text)
        {
            lock (counting)
            {
                open--;
                if (text is not null)
                    texts.Add(text);
            }
        }
    }
}
