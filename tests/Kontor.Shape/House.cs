using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Kontor.Host.Serving;
using Kontor.Identity.Clients;
using Kontor.Platform.Access;
using Kontor.Platform.Encryption;
using Kontor.Shape;
using Kontor.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(House))]

namespace Kontor.Shape;

/// <summary>The whole program, started once for all tests of this project, every service in one process.</summary>
public sealed class House : IAsyncLifetime
{
    readonly PostgresFixture postgres = new();
    readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    readonly string folder = Directory.CreateTempSubdirectory("kontor-shape-").FullName;
    KontorServer? server;
    HttpClient? http;
    JsonNode? document;

    /// <summary>Without PostgreSQL each test that asks is skipped.</summary>
    public HttpClient Http => Here(http);

    public IServiceProvider Services => Here(server).Services;

    /// <summary>Every route that the program answers.</summary>
    public IReadOnlyList<Door> Doors =>
        [
            .. Services
                .GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(Door.Of)
                .OrderBy(door => door.Path, StringComparer.Ordinal)
                .ThenBy(door => door.Method, StringComparer.Ordinal),
        ];

    /// <summary>The OpenAPI document as it is served.</summary>
    public JsonNode Document => Here(document);

    /// <summary>A token of a client that has every scope.</summary>
    public string FullToken => tokens[""];

    /// <summary>A token of a client that has every scope but this one.</summary>
    public string TokenWithout(string scope) => tokens[scope];

    public async ValueTask InitializeAsync()
    {
        await postgres.InitializeAsync();
        if (!await TestPostgres.IsThere())
            return;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(postgres.Database.Configuration)
            .AddInMemoryCollection([new("RateLimits:Enabled", "false")])
            .Build();
        MasterKey.OpenOrMake(Path.Combine(new Installation(folder).KeyFolder, "installation.key"));
        var settings = new ServeSettings(folder, ["http://127.0.0.1:0"], Installation.Services, IsEmpty: true);
        server = await KontorServer.Start(settings, configuration, NullLoggerFactory.Instance, CancellationToken.None);
        http = new() { BaseAddress = new(server.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
        document = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"));
        tokens[""] = await NewToken("all", Scopes.All);
        foreach (var scope in Scopes.All)
            tokens[scope] = await NewToken($"not {scope}", [.. Scopes.All.Except([scope], StringComparer.Ordinal)]);
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    T Here<T>(T? started)
        where T : class =>
        postgres.Database is not null && started is not null
            ? started
            : throw new InvalidOperationException("The server did not start.");

    async Task<string> NewToken(string name, IReadOnlyList<string> scopes)
    {
        var made = (await server!.Services.GetRequiredService<ApiClients>().Add(name, scopes, default)).Value;
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/connect/token");
        ask.Content = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = made.ClientId,
                ["client_secret"] = made.ClientSecret,
                ["scope"] = string.Join(' ', scopes),
            }
        );
        ask.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await http!.SendAsync(ask);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>();
    }
}
