using System.Net;
using Kontor.Platform.Neighbours;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Kontor.Platform.Tests.Neighbours;

/// <summary>How a service calls on another: with its token, and not for ever.</summary>
public sealed class NeighbourTests : IAsyncLifetime
{
    readonly string credentials = Path.GetTempFileName();
    WebApplication neighbour = null!; // Started before each test.
    ServiceProvider services = null!;
    int tokens;
    int calls;
    Func<HttpContext, Task> answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        neighbour = builder.Build();
        neighbour.MapPost(
            "/connect/token",
            () => Results.Json(new { access_token = $"token-{Interlocked.Increment(ref tokens)}", expires_in = 600 })
        );
        neighbour.Map(
            "/things",
            async http =>
            {
                Interlocked.Increment(ref calls);
                await answer(http);
            }
        );
        await neighbour.StartAsync();
        await File.WriteAllTextAsync(credentials, """{"client_id":"ordering","client_secret":"s"}""");
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton(TimeProvider.System);
        var url = new Uri(neighbour.Urls.First() + "/");
        collection.AddNeighbours(
            new(new Dictionary<string, Uri> { ["catalog"] = url, ["identity"] = url }, credentials)
        );
        services = collection.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await neighbour.DisposeAsync();
        File.Delete(credentials);
    }

    [Fact]
    public async Task A_call_carries_the_service_token_which_is_asked_for_once()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        answer = http =>
        {
            seen.Add(http.Request.Headers.Authorization.ToString());
            return Task.CompletedTask;
        };

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Call()));

        Assert.Equal(["Bearer token-1"], seen.Distinct());
        Assert.Equal(1, tokens);
    }

    [Fact]
    public async Task A_refused_token_is_asked_for_anew_once()
    {
        answer = http =>
        {
            http.Response.StatusCode = http.Request.Headers.Authorization == "Bearer token-1" ? 401 : 200;
            return Task.CompletedTask;
        };

        Assert.Equal(HttpStatusCode.OK, await Call());
        Assert.Equal(2, tokens);
    }

    [Fact]
    public async Task A_stumble_is_overlooked()
    {
        answer = http =>
        {
            http.Response.StatusCode = calls == 1 ? 503 : 200;
            return Task.CompletedTask;
        };

        Assert.Equal(HttpStatusCode.OK, await Call());
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_neighbour_that_is_down_gets_few_repeats_and_soon_no_calls()
    {
        answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        const int Asked = 200;

        var away = 0;
        for (var i = 0; i < Asked; i++)
            try
            {
                await Call();
            }
            catch (NeighbourAwayException)
            {
                away++;
            }

        Assert.True(calls < Asked / 2, $"{calls} calls came through for {Asked}; the circuit never opened.");
        Assert.True(away > Asked / 2, $"{away} of {Asked} were told at once that it is away.");
    }

    [Fact]
    public async Task One_that_hangs_is_given_up_as_away()
    {
        answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);

        await Assert.ThrowsAsync<NeighbourAwayException>(Call);
    }

    [Fact]
    public void Repeats_are_a_tenth_of_the_calls_after_the_reserve()
    {
        var budget = new RetryBudget();
        var reserve = 0;
        while (budget.TryRepeat())
            reserve++;

        var repeats = 0;
        for (var call = 0; call < 1_000; call++)
        {
            budget.Called();
            if (budget.TryRepeat())
                repeats++;
        }

        Assert.Equal((10, 100), (reserve, repeats));
    }

    [Theory]
    [InlineData("catalog.internal")]
    [InlineData("ftp://catalog")]
    [InlineData("http://user:secret@catalog")]
    [InlineData("http://catalog/?a=1")]
    public void An_address_that_is_none_is_refused_by_its_setting(string written)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Services:Catalog:Url", written)])
            .Build();

        var refused = Assert.Throws<MisconfiguredException>(() => NeighbourSettings.Read(configuration, ["catalog"]));

        Assert.Contains("Services:Catalog:Url", refused.Message, StringComparison.Ordinal);
    }

    async Task<HttpStatusCode> Call()
    {
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("catalog");
        using var answered = await http.GetAsync(new Uri("things", UriKind.Relative));
        return answered.StatusCode;
    }
}
