using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kontor.Scenarios;

/// <summary>The sandbox provider in a process of its own, killed while it takes money.</summary>
public sealed class SandboxTests
{
    [Fact]
    public async Task A_sandbox_that_is_killed_again_and_again_loses_nothing_that_it_answered()
    {
        Assert.SkipUnless(File.Exists(RunningKontor.Program), $"{RunningKontor.Program} is not built.");
        var folder = Directory.CreateTempSubdirectory("kontor-sandbox-").FullName;
        var answered = new ConcurrentDictionary<string, string>();
        for (var life = 0; life < 4; life++)
        {
            var (process, http) = await Start(folder);
            using (process)
            using (http)
            {
                // Meanwhile killed: after the first answers, in the midst of others.
                var buyers = Enumerable.Range(0, 8).Select(buyer => Buy(http, $"{life}-{buyer}", answered)).ToList();
                while (answered.Count < (life + 1) * 40)
                    await Task.WhenAny([.. buyers, Task.Delay(5)]);
                process.Kill();
                await process.WaitForExitAsync();
                await Task.WhenAll(buyers);
            }
        }

        var (last, asking) = await Start(folder);
        var books = new Dictionary<string, string>(StringComparer.Ordinal);
        using (asking)
            for (int? after = 0; after is not null; )
            {
                var page = await asking.GetFromJsonAsync<JsonElement>($"v1/books?after={after}");
                foreach (var booked in page.GetProperty("authorisations").EnumerateArray())
                    books.Add(booked.GetProperty("key").GetString()!, booked.GetProperty("reference").GetString()!);
                after = page.TryGetProperty("next", out var next) ? next.GetInt32() : null;
            }
        last.Kill();
        await last.WaitForExitAsync();
        last.Dispose();
        Directory.Delete(folder, recursive: true);

        Assert.All(answered, said => Assert.Equal(said.Value, books.GetValueOrDefault(said.Key)));
    }

    static async Task Buy(HttpClient http, string buyer, ConcurrentDictionary<string, string> answered)
    {
        for (var i = 0; ; i++)
            try
            {
                var wanted = new
                {
                    key = $"{buyer}-{i}",
                    amount = i,
                    currency = "EUR",
                    token = "tok_approve",
                };
                using var answer = await http.PostAsJsonAsync("v1/authorisations", wanted);
                var booked = await answer.Content.ReadFromJsonAsync<JsonElement>();
                answered[wanted.key] = booked.GetProperty("reference").GetString()!;
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException)
            {
                return;
            }
    }

    static async Task<(Process, HttpClient)> Start(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            RunningKontor.Program,
            "sandbox",
            "--urls",
            "http://127.0.0.1:0",
            "--books",
            folder,
            "--json",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var ready = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync())!).RootElement;
        var secret = (await File.ReadAllTextAsync(ready.GetProperty("secret").GetString()!)).Trim();
        return (
            process,
            new()
            {
                BaseAddress = new(ready.GetProperty("urls")[0].GetString()!),
                DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret) },
            }
        );
    }
}
