using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Ordering.Payments;
using Kontor.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Ordering.Tests;

/// <summary>What stands in the sandbox's books under a key.</summary>
sealed record Booked(string Key, string State, string Reference, long Amount, string Currency);

/// <summary>The real sandbox provider, with a folder of its own, as tests speak to it.</summary>
sealed class PlaySandbox : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("kontor-sandbox-").FullName;
    SandboxServer? server;

    public HttpClient Http { get; private set; } = new();

    public string Folder => folder;

    public string Secret { get; private set; } = "";

    public SandboxAccount Account => new(Http.BaseAddress!, Secret);

    public static async Task<PlaySandbox> Start()
    {
        var sandbox = new PlaySandbox();
        await sandbox.Restart();
        return sandbox;
    }

    /// <summary>Stops, if it runs, and starts on the same folder.</summary>
    public async Task Restart()
    {
        await Stop();
        var settings = SandboxSettings.In(folder, "http://127.0.0.1:0");
        server = await SandboxServer.Start(settings, NullLoggerFactory.Instance, default);
        Secret = (await File.ReadAllTextAsync(settings.SecretFile)).Trim();
        Http.Dispose();
        Http = new()
        {
            BaseAddress = new(server.Urls.First()),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Secret) },
        };
    }

    public async Task Stop()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = null;
    }

    public async Task Reaches(string key, string state)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while ((await Find(key))?.State is var now && now != state)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"{key} is {now}.");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until the callback of the key's last change has come so far.</summary>
    public async Task Told(string key, string delivery)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            var page = await Http.GetFromJsonAsync<JsonElement>("v1/books");
            var last = page.GetProperty("authorisations")
                .EnumerateArray()
                .Single(booked => booked.GetProperty("key").GetString() == key)
                .GetProperty("changes")
                .EnumerateArray()
                .Last();
            if (last.GetProperty("delivery").GetString() == delivery)
                return;
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, last.GetRawText());
            await Task.Delay(20);
        }
    }

    public async Task<IReadOnlyList<Booked>> Books()
    {
        List<Booked> books = [];
        for (int? after = 0; after is not null; )
        {
            var page = await Http.GetFromJsonAsync<JsonElement>($"v1/books?after={after}");
            books.AddRange(page.GetProperty("authorisations").Deserialize<List<Booked>>(JsonSerializerOptions.Web)!);
            after =
                page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.Number
                    ? next.GetInt32()
                    : null;
        }
        return books;
    }

    public async Task<Booked?> Find(string key) => (await Books()).SingleOrDefault(booked => booked.Key == key);

    public Task<HttpResponseMessage> Authorise(
        string key,
        long amount = 200,
        string token = "tok_approve",
        string? callbacks = null,
        string currency = "EUR"
    ) =>
        Http.PostAsJsonAsync(
            "v1/authorisations",
            new
            {
                key,
                amount,
                currency,
                token,
                callbacks,
            }
        );

    public async Task Confirm(string key) => (await Act(key, "confirm")).EnsureSuccessStatusCode();

    public Task<HttpResponseMessage> Act(string key, string act) =>
        Http.PostAsync($"v1/authorisations/{key}/{act}", null);

    public async Task Follow(object schedule) =>
        (await Http.PostAsJsonAsync("v1/schedule", schedule)).EnsureSuccessStatusCode();

    /// <summary>A callback as the sandbox would send it, but for what the test wants otherwise.</summary>
    public async Task<Answer> Calls(
        HttpClient shop,
        byte[] body,
        string? secret = null,
        int age = 0,
        string? sign = null
    )
    {
        var timestamp = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - age).ToString();
        using var call = new HttpRequestMessage(HttpMethod.Post, SandboxAccount.CallbackPath)
        {
            Content = new ByteArrayContent(body),
        };
        call.Content.Headers.ContentType = new("application/json");
        call.Headers.Add(WebhookSignature.IdHeader, "msg_1");
        call.Headers.Add(WebhookSignature.TimestampHeader, timestamp);
        call.Headers.TryAddWithoutValidation(
            WebhookSignature.SignatureHeader,
            sign ?? WebhookSignature.Sign(secret ?? Secret, "msg_1", timestamp, body)
        );
        var answer = await shop.SendAsync(call);
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    public static byte[] Body(string key, string state = "authorised", long amount = 200, string currency = "EUR") =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = "msg_1",
                type = $"authorisation.{state}",
                key,
                state,
                amount,
                currency,
                sequence = 1,
            }
        );

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Stop();
        Directory.Delete(folder, recursive: true);
    }
}
