using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Kontor.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Ordering.Tests.Sandbox;

/// <summary>What the sandbox answered stands in its books, whatever happens to its process.</summary>
public sealed class BooksTests
{
    [Fact]
    public async Task A_key_stands_for_one_authorisation_however_often_it_is_asked()
    {
        await using var sandbox = await PlaySandbox.Start();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => sandbox.Authorise("k")));

        var said = await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()));
        Assert.Single(said.Distinct());
        Assert.Equal(("k", "authorised", 200), await Only(sandbox));
        Assert.Equal(HttpStatusCode.Conflict, (await sandbox.Authorise("k", 201)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await sandbox.Authorise("k", currency: "SEK")).StatusCode);
        Assert.Equal(("k", "authorised", 200), await Only(sandbox));
    }

    [Fact]
    public async Task A_restart_finds_everything_and_cuts_off_a_torn_line()
    {
        await using var sandbox = await PlaySandbox.Start();
        for (var i = 0; i < 20; i++)
            (await sandbox.Authorise($"k{i}", token: "tok_challenge")).EnsureSuccessStatusCode();
        await sandbox.Confirm("k3");
        await sandbox.Act("k4", "decline");
        await sandbox.Act("k5", "cancel");
        await sandbox.Act("never", "cancel");
        var before = await sandbox.Books();

        for (var start = 0; start < 2; start++)
        {
            await sandbox.Stop();
            await File.AppendAllTextAsync(
                Path.Combine(sandbox.Folder, "books.ndjson"),
                start == 0 ? "{\"no\":24,\"kind\":\"boo" : ""
            );
            await sandbox.Restart();

            Assert.Equal(before, (await sandbox.Books()).Take(before.Count));
            (await sandbox.Authorise($"later{start}")).EnsureSuccessStatusCode();
            Assert.Equal(before.Count + start + 1, (await sandbox.Books()).Count);
        }
    }

    [Fact]
    public async Task Books_that_were_tampered_with_are_not_opened()
    {
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Authorise("a");
        await sandbox.Authorise("b");
        await sandbox.Stop();
        var file = Path.Combine(sandbox.Folder, "books.ndjson");
        await File.WriteAllLinesAsync(file, (await File.ReadAllLinesAsync(file)).Skip(1));

        await Assert.ThrowsAsync<InvalidDataException>(sandbox.Restart);
    }

    [Fact]
    public async Task Books_have_one_master_at_a_time()
    {
        await using var sandbox = await PlaySandbox.Start();
        var settings = SandboxSettings.In(sandbox.Folder, "http://127.0.0.1:0");

        await Assert.ThrowsAsync<IOException>(() => SandboxServer.Start(settings, NullLoggerFactory.Instance, default));
    }

    [Fact]
    public async Task A_key_that_was_cancelled_early_takes_no_money_that_comes_late()
    {
        await using var sandbox = await PlaySandbox.Start();

        await sandbox.Act("k", "cancel");
        var answer = await sandbox.Authorise("k");

        Assert.Contains("\"cancelled\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal(("k", "cancelled", 0), await Only(sandbox));
    }

    [Theory]
    [InlineData("tok_challenge", "confirm", "authorised")]
    [InlineData("tok_challenge", "decline", "declined")]
    [InlineData("tok_challenge", "cancel", "cancelled")]
    [InlineData("tok_approve", "cancel", "cancelled")]
    [InlineData("tok_decline", "cancel", "declined")]
    public async Task An_authorisation_ends_in_one_way(string token, string act, string state)
    {
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Authorise("k", token: token);

        for (var repeat = 0; repeat < 2; repeat++)
            (await sandbox.Act("k", act)).EnsureSuccessStatusCode();

        Assert.Equal(("k", state, 200), await Only(sandbox));
        foreach (var other in new[] { "confirm", "decline" }.Where(other => other != act))
            if (!(other == "decline" && state == "declined"))
                Assert.Equal(HttpStatusCode.Conflict, (await sandbox.Act("k", other)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await sandbox.Act("unknown", "confirm")).StatusCode);
    }

    [Fact]
    public async Task A_stranger_learns_and_changes_nothing()
    {
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Authorise("k");
        string?[] secrets = [null, "", "Bearer", "Bearer ", "Bearer whsec_AAAA", $"Basic {sandbox.Secret}"];

        foreach (var secret in secrets)
        foreach (var (method, path) in Doors)
        {
            using var stranger = new HttpClient { BaseAddress = sandbox.Http.BaseAddress };
            using var ask = new HttpRequestMessage(new(method), path);
            if (secret is not null)
                ask.Headers.TryAddWithoutValidation("Authorization", secret);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(ask)).StatusCode);
        }
        Assert.Equal(("k", "authorised", 200), await Only(sandbox));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(sandbox.Folder, "secret"))
            );
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"key\":\"\",\"amount\":1,\"currency\":\"EUR\",\"token\":\"tok_approve\"}")]
    [InlineData("{\"key\":\"k\",\"amount\":-1,\"currency\":\"EUR\",\"token\":\"tok_approve\"}")]
    [InlineData("{\"key\":\"k\",\"amount\":1,\"currency\":\"XXX\",\"token\":\"tok_approve\"}")]
    [InlineData("{\"key\":\"k\",\"amount\":1,\"currency\":\"EUR\"}")]
    [InlineData("{\"key\":\"k\",\"amount\":1,\"currency\":\"EUR\",\"token\":\"t\",\"callbacks\":\"file:///etc\"}")]
    public async Task What_cannot_be_read_is_refused(string body)
    {
        await using var sandbox = await PlaySandbox.Start();

        var answer = await sandbox.Http.PostAsync("v1/authorisations", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("SANDBOX_REQUEST_INVALID", said.GetProperty("code").GetString());
        Assert.Empty(await sandbox.Books());
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await sandbox.Authorise("k", token: "tok_stolen")).StatusCode
        );
    }

    [Fact]
    public async Task Books_are_read_in_pages()
    {
        await using var sandbox = await PlaySandbox.Start();
        for (var i = 0; i < 5; i++)
            await sandbox.Authorise($"k{i}");

        var page = await sandbox.Http.GetFromJsonAsync<JsonElement>("v1/books?after=2&limit=2");

        Assert.Equal(
            ["k2", "k3"],
            page.GetProperty("authorisations").EnumerateArray().Select(booked => booked.GetProperty("key").GetString())
        );
        Assert.Equal(4, page.GetProperty("next").GetInt32());
    }

    static readonly (string, string)[] Doors =
    [
        ("POST", "v1/authorisations"),
        ("GET", "v1/authorisations/k"),
        ("POST", "v1/authorisations/k/cancel"),
        ("POST", "v1/authorisations/k/confirm"),
        ("POST", "v1/authorisations/k/decline"),
        ("GET", "v1/books"),
        ("POST", "v1/schedule"),
        ("GET", "nothing"),
    ];

    static async Task<(string, string, long)> Only(PlaySandbox sandbox)
    {
        var booked = Assert.Single(await sandbox.Books());
        return (booked.Key, booked.State, booked.Amount);
    }
}
