using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kontor.Catalog.Tests;

/// <summary>Counts what one request asks of the database: the door goes on with the caller's trace id, and Npgsql tells
/// of every command and batch under it.</summary>
sealed class Statements : IDisposable
{
    static readonly ConcurrentDictionary<string, StrongBox> Traces = new(StringComparer.Ordinal);
    static readonly ActivityListener Listener = Listen();

    readonly string trace = ActivityTraceId.CreateRandom().ToHexString();

    public string TraceParent => $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01";

    public int Count => Traces[trace].Value;

    public static Statements Start()
    {
        _ = Listener;
        var counted = new Statements();
        Traces[counted.trace] = new();
        return counted;
    }

    public void Dispose() => Traces.TryRemove(trace, out _);

    static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = started =>
            {
                if (started.Source.Name == "Npgsql" && Traces.TryGetValue(started.TraceId.ToHexString(), out var box))
                    Interlocked.Increment(ref box.Value);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    sealed class StrongBox
    {
        public int Value;
    }
}
