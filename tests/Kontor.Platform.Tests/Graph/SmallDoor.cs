using System.Text;
using System.Text.Json;
using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Graph;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kontor.Platform.Tests.Graph;

sealed record Thing(int Number);

sealed class ThingGraph : ObjectGraphType<Thing>
{
    public ThingGraph()
    {
        Name = "Thing";
        Field<NonNullGraphType<IntGraphType>>("number").Resolve(at => at.Source.Number);
        Field<StringGraphType>("secret").Resolve(_ => "told").RequireScope("nobody:has");
        Field<NonNullGraphType<ThingGraph>>("next").Resolve(at => new Thing(at.Source.Number + 1));
    }
}

sealed class ThingPageGraph() : ConnectionGraph<Thing, ThingGraph>("ThingConnection", "A page of things.");

/// <summary>The door with a small schema and no server: all of a request runs on the thread that asks, so that its memory can
/// be counted.</summary>
sealed class SmallDoor : IDisposable
{
    public const string Modern = "application/graphql-response+json";
    readonly ServiceProvider services;

    /// <summary>What staff registered, by hash.</summary>
    public Dictionary<string, string> Registered { get; } = new(StringComparer.Ordinal);

    /// <summary>How often somebody looked there.</summary>
    public int Looked { get; private set; }

    /// <summary>Set: the register cannot be reached.</summary>
    public bool IsAway { get; set; }

    public FakeTimeProvider Clock { get; } = new();

    public SmallDoor(bool onlyPersisted = false)
    {
        var setup = new ServiceCollection();
        setup.AddLogging();
        setup.AddSingleton<TimeProvider>(Clock);
        setup.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("Graph:OnlyPersisted", onlyPersisted ? "true" : "false")])
                .Build()
        );
        setup.AddSingleton(new TrustedDocuments((id, _) => Task.FromResult(Look(id))));
        setup.AddGraph(query =>
        {
            query
                .Field<NonNullGraphType<ThingPageGraph>>("things")
                .InPages()
                .Resolve(at => new Page<Thing>([.. Enumerable.Range(0, at.First()).Select(n => new Thing(n))], null));
            query
                .Field<StringGraphType>("echo")
                .Argument<StringGraphType>("text")
                .Argument<IntGraphType>("number")
                .Argument<ListGraphType<StringGraphType>>("list")
                .Resolve(at => at.GetArgument<string?>("text"));
        });
        services = setup.BuildServiceProvider();
    }

    public GraphDocuments Documents => services.GetRequiredService<GraphDocuments>();

    public (int Status, JsonElement Body, string? CacheControl) Post(object body, string accept = Modern) =>
        Send(JsonSerializer.SerializeToUtf8Bytes(body, KontorJson.Options), null, accept);

    public (int Status, JsonElement Body, string? CacheControl) Post(string body) =>
        Send(Encoding.UTF8.GetBytes(body), null, Modern);

    public (int Status, JsonElement Body, string? CacheControl) Get(string query) => Send([], query, Modern);

    /// <summary>The code of the first error, after no more than so many bytes were asked of the heap.</summary>
    public string? CodeOf(string query, long maxBytes) => CodeOfBody(JsonSerializer.Serialize(new { query }), maxBytes);

    public string? CodeOfBody(string body, long maxBytes)
    {
        Post("{\"query\":\"{ things(first: 1) { nodes { number } } }\"}"); // What is made once is made.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var answer = Post(body);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken <= maxBytes, $"{taken:N0} bytes were taken, and {maxBytes:N0} are allowed.");
        return CodeOf(answer.Body);
    }

    public static string? CodeOf(JsonElement body) =>
        body.TryGetProperty("errors", out var errors)
            ? errors[0].GetProperty("extensions").GetProperty("code").GetString()
            : null;

    string? Look(string id)
    {
        Looked++;
        return IsAway ? throw new TimeoutException("The register is away.") : Registered.GetValueOrDefault(id);
    }

    (int Status, JsonElement Body, string? CacheControl) Send(byte[] body, string? query, string accept)
    {
        using var scope = services.CreateScope();
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Method = query is null ? HttpMethods.Post : HttpMethods.Get;
        http.Request.Path = GraphDoor.Path;
        http.Request.QueryString = new(query ?? "");
        http.Request.ContentType = "application/json";
        http.Request.ContentLength = body.Length;
        http.Request.Body = new MemoryStream(body);
        http.Request.Headers.Accept = accept;
        http.Response.Body = answer;
        var door = scope.ServiceProvider.GetRequiredService<GraphHttp>().Answer(http);
        Assert.True(door.IsCompletedSuccessfully, $"It went on elsewhere, or broke: {door.Exception}");
        using var json = JsonDocument.Parse(answer.ToArray());
        return (http.Response.StatusCode, json.RootElement.Clone(), http.Response.Headers.CacheControl);
    }

    public void Dispose() => services.Dispose();
}
