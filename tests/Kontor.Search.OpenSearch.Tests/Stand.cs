using System.Text.Json.Nodes;
using Kontor.Search.OpenSearch.Tests.Interpreter;
using Kontor.Search.Tests;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>Where engines of a test stand: the interpreter, or the OpenSearch that <c>KONTOR_TEST_OPENSEARCH</c> names.</summary>
public sealed class Stand : IAsyncLifetime
{
    public const string Variable = "KONTOR_TEST_OPENSEARCH";

    static int last;
    Server? server;

    internal Server Server => server!; // Since InitializeAsync.

    static string? Real => Environment.GetEnvironmentVariable(Variable);

    /// <summary>What the run against a real one needs.</summary>
    internal static Uri RealOrSkip()
    {
        Assert.SkipUnless(
            Uri.TryCreate(Real, UriKind.Absolute, out var address),
            $"{Variable} names no OpenSearch (as http://user:password@host:9200): only the documented contract was tested."
        );
        return address!;
    }

    public async ValueTask InitializeAsync() => server = await Server.Start();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        // Whatever a test was about: no request of it was outside of the documentation.
        Assert.Empty(Server.Unknown);
    }

    internal OpenSearchOptions Options(Uri? real = null)
    {
        var user = real?.UserInfo.Split(':', 2) is [var name, var password]
            ? (name, password)
            : ((string, string)?)null;
        return new(
            real is null ? Server.Address : new UriBuilder(real) { UserName = "", Password = "" }.Uri,
            $"kontor-test-{Environment.ProcessId}-{Interlocked.Increment(ref last)}"
        )
        {
            Languages = new Dictionary<string, string> { [ToyLanguage.Tag] = "toy", ["en"] = "english" },
            Analysis = Toy(),
            Replicas = 0,
            User = user?.Item1,
            Password = user?.Item2,
            BackoffMs = 1,
            PositionAgeMs = 0,
        };
    }

    internal static OpenSearchEngine Engine(OpenSearchOptions options, TimeProvider? clock = null) =>
        new(new HttpClient(), options, Goods.Schema, clock ?? TimeProvider.System);

    internal async Task<OpenSearchEngine> Engine()
    {
        var engine = Engine(Options());
        await engine.Ensure(TestContext.Current.CancellationToken);
        return engine;
    }

    /// <summary>The toy language by OpenSearch's own filters.</summary>
    static JsonObject Toy() =>
        new()
        {
            ["analyzer"] = new JsonObject
            {
                ["toy"] = new JsonObject
                {
                    ["type"] = "custom",
                    ["tokenizer"] = "standard",
                    ["filter"] = new JsonArray("lowercase", "toy_stops", "toy_stems"),
                },
            },
            ["filter"] = new JsonObject
            {
                ["toy_stops"] = new JsonObject { ["type"] = "stop", ["stopwords"] = new JsonArray("the", "of") },
                ["toy_stems"] = new JsonObject
                {
                    ["type"] = "pattern_replace",
                    ["pattern"] = "^(.{3,})s$",
                    ["replacement"] = "$1",
                },
            },
        };
}
