using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kontor.Scenarios;

/// <summary>The sandbox payment provider in a process of its own, with its own books, which no shop can touch.</summary>
sealed class RunningSandbox : IAsyncDisposable
{
    readonly int port;
    Process? process;

    RunningSandbox(string folder, int port) => (Folder, this.port) = (folder, port);

    public string Folder { get; }

    public Uri Url => new($"http://127.0.0.1:{port}/");

    public string SecretFile => Path.Combine(Folder, "secret");

    HttpClient Http { get; } = new();

    public static async Task<RunningSandbox> Start(int port)
    {
        var sandbox = new RunningSandbox(Directory.CreateTempSubdirectory("kontor-sandbox-").FullName, port);
        await sandbox.Restart();
        return sandbox;
    }

    public async Task Restart()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (
            var argument in (string[])
                [
                    RunningKontor.Program,
                    "sandbox",
                    "--urls",
                    $"http://127.0.0.1:{port}",
                    "--books",
                    Folder,
                    "--secret",
                    SecretFile,
                    "--json",
                ]
        )
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        process.BeginErrorReadLine();
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(late.Token));
        var secret = (await File.ReadAllTextAsync(SecretFile, late.Token)).Trim();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
    }

    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Every authorisation that it ever made, by key.</summary>
    public async Task<IReadOnlyDictionary<string, Booking>> Books()
    {
        var books = new Dictionary<string, Booking>(StringComparer.Ordinal);
        for (int? after = 0; after is not null; )
        {
            var page = await Http.GetFromJsonAsync<JsonElement>($"{Url}v1/books?after={after}&limit=1000");
            foreach (var booked in page.GetProperty("authorisations").EnumerateArray())
            {
                var booking = booked.Deserialize<Booking>(JsonSerializerOptions.Web)!;
                books.Add(booking.Key, booking);
            }
            after =
                page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.Number
                    ? next.GetInt32()
                    : null;
        }
        return books;
    }

    /// <summary>Takes money that no shop asked for.</summary>
    public Task Book(string key, long amount) =>
        Post(
            "v1/authorisations",
            new
            {
                key,
                amount,
                currency = "EUR",
                token = "tok_approve",
            }
        );

    /// <summary>How it behaves from now on; see docs/reference/payments.md.</summary>
    public Task Schedule(object schedule) => Post("v1/schedule", schedule);

    /// <summary>The buyer passes the challenge, or fails it.</summary>
    public Task Answer(string key, bool confirms) =>
        Post($"v1/authorisations/{key}/{(confirms ? "confirm" : "decline")}", new { });

    /// <summary>The same, while the sandbox may be away, or the challenge over.</summary>
    public async Task TryAnswer(string key, bool confirms)
    {
        try
        {
            var path = $"v1/authorisations/{key}/{(confirms ? "confirm" : "decline")}";
            using var answer = await Http.PostAsJsonAsync(new Uri(Url, path), new { });
        }
        catch (HttpRequestException)
        {
            // Then the buyer has not answered.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (process is not null)
            await Kill();
        Directory.Delete(Folder, recursive: true);
    }

    async Task Post(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(new Uri(Url, path), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}

/// <summary>What stands in the sandbox's books under a key.</summary>
sealed record Booking(
    string Key,
    string State,
    long Amount,
    string Currency,
    string Reference,
    IReadOnlyList<BookedChange> Changes
);

/// <param name="Delivery">Whether the shop took the callback about it: <c>taken</c>.</param>
sealed record BookedChange(int Sequence, string Delivery);
