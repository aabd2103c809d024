using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kontor.Identity.Clients;
using Kontor.Identity.Tests;
using Kontor.Identity.Tokens;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Kontor.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(Office))]

namespace Kontor.Identity.Tests;

/// <summary>The user service behind the real pipeline, on a database of its own, with a clock that tests move.</summary>
public sealed class Office : IAsyncLifetime
{
    readonly PostgresFixture postgres = new();
    readonly ConcurrentDictionary<string, int> checks = new(StringComparer.Ordinal);
    WebApplication? app;
    HttpClient? http;

    public const string Issuer = "https://kontor.example/";
    public static readonly string[] SomeScopes = [Scopes.CatalogRead, Scopes.StreamRead];

    public string KeyFolder { get; } = Directory.CreateTempSubdirectory("kontor-keys-").FullName;
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public Uri Address => http!.BaseAddress!; // Opened before the first test.
    public NpgsqlDataSource Database => postgres.Source("identity");

    /// <summary>May do what the service's own role may not.</summary>
    public NpgsqlDataSource Owner => postgres.Database.Owner;

    public HttpClient Http =>
        postgres.Database is not null && http is not null ? http : throw new UnreachableException();
    public IServiceProvider Services =>
        postgres.Database is not null && app is not null ? app.Services : throw new UnreachableException();
    public ApiClients Clients => Services.GetRequiredService<ApiClients>();

    public async ValueTask InitializeAsync()
    {
        await postgres.InitializeAsync();
        // Without PostgreSQL each test skips itself where it asks for the office.
        if (!await TestPostgres.IsThere())
            return;
        app = await Open(new(KeyFolder, new(Issuer)));
        http = new() { BaseAddress = new(app.Urls.Single()) };
    }

    /// <summary>Another process of the installation, as it were: the same database and folder.</summary>
    public async Task<WebApplication> Open(IdentitySettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("RateLimits:Enabled", "false")]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(new IdentityDatabase(Database, Clock));
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddIdentity(settings);
        builder.Services.AddSingleton<CheckToken>(provider => Count(provider.GetRequiredService<OwnTokens>()));
        var office = builder.Build();
        office.UsePlatform();
        office.MapIdentity();
        office.MapPlatform();
        office.MapGet("/open", () => "open").OpenToAll("a test asks");
        office.MapGet("/held", () => "held").HeldBy("a word");
        office.MapGet("/read", (HttpContext http) => http.User.Subject).RequireScope(Scopes.CatalogRead);
        office.MapGet("/write", () => "written").RequireScope(Scopes.CatalogWrite);
        office.MapGet("/unnamed", () => "nobody decided who may see this");
        await office.StartAsync();
        return office;
    }

    CheckToken Count(OwnTokens own) =>
        (token, _) =>
        {
            checks.AddOrUpdate(token, 1, (_, count) => count + 1);
            return own.Check(token);
        };

    public int ChecksOf(string token) => checks.GetValueOrDefault(token);

    public async Task<NewClient> NewClient(params string[] scopes) =>
        (await Clients.Add("Order desk", scopes.Length == 0 ? SomeScopes : scopes, default)).Value;

    public async Task<string> NewToken(params string[] scopes)
    {
        var client = await NewClient(scopes);
        var answer = await Ask(client);
        return answer.Body.GetProperty("access_token").GetString()!;
    }

    /// <summary>Asks for a token with HTTP Basic.</summary>
    public Task<Answer> Ask(NewClient client, IDictionary<string, string>? form = null) =>
        Post(
            new Dictionary<string, string>(form ?? new Dictionary<string, string>(), StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
            },
            client
        );

    public async Task<Answer> Post(IDictionary<string, string> form, NewClient? basic = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token");
        request.Content = new FormUrlEncodedContent(form);
        if (basic is not null)
            request.Headers.Authorization = new("Basic", Base64($"{basic.ClientId}:{basic.ClientSecret}"));
        return await Answer.Of(await Http.SendAsync(request));
    }

    public async Task<Answer> Get(string path, string? token = null, HttpClient? from = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Answer.Of(await (from ?? Http).SendAsync(request));
    }

    public async Task<T> Query<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(KeyFolder, recursive: true);
    }
}

/// <param name="Body">The JSON of the answer; undefined where it is none.</param>
public sealed record Answer(int Status, string? MediaType, string Challenge, string Text, JsonElement Body)
{
    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            var media = response.Content.Headers.ContentType?.MediaType;
            var body = media?.EndsWith("json", StringComparison.Ordinal) is true
                ? JsonSerializer.Deserialize<JsonElement>(text)
                : default;
            return new((int)response.StatusCode, media, response.Headers.WwwAuthenticate.ToString(), text, body);
        }
    }

    /// <summary>A refusal as RFC 6749 §5.2 writes it.</summary>
    public void Refused(int status, string error)
    {
        Assert.Equal((status, error), (Status, Body.GetProperty("error").GetString()));
        Assert.Equal("application/json", MediaType);
    }

    public void Problem(int status, string code)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(code, Body.GetProperty("code").GetString());
    }
}
