using System.Collections.Concurrent;
using System.Net;
using Kontor.Ordering.Payments;
using Kontor.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Configured = Kontor.Host.Serving.Payments;

namespace Kontor.Ordering.Tests.Sandbox;

/// <summary>What is said to the sandbox bears its secret, and goes to the address that is configured, straight.</summary>
public sealed class StraightTests
{
    [Fact]
    public async Task No_proxy_hears_the_secret()
    {
        await using var sandbox = await PlaySandbox.Start();
        await using var services = new ServiceCollection().BuildServiceProvider();
        var watching = new Watching();
        var usual = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = watching;
        try
        {
            using var provider = new SandboxProvider(sandbox.Account, services);

            Assert.IsType<PaymentOutcome.Unknown>(await provider.Find("k", TestContext.Current.CancellationToken));
            Assert.Empty(
                await BookReader.FromServer(sandbox.Account.Url, sandbox.Secret, TestContext.Current.CancellationToken)
            );
        }
        finally
        {
            HttpClient.DefaultProxy = usual;
        }

        Assert.DoesNotContain(sandbox.Account.Url.Port, watching.Asked);
    }

    [Fact]
    public async Task Nothing_is_asked_for_before_there_is_an_address_to_call_back()
    {
        await using var sandbox = await PlaySandbox.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var shop = builder.Build();
        using var provider = new SandboxProvider(sandbox.Account, shop.Services);
        var wanted = new PaymentRequest("early", new(200, "EUR"), "tok_challenge");

        await Assert.ThrowsAsync<HttpRequestException>(() => provider.Authorise(wanted, default));
        Assert.Null(await sandbox.Find("early"));
        await shop.StartAsync(TestContext.Current.CancellationToken);
        Assert.IsType<PaymentOutcome.Awaiting>(await provider.Authorise(wanted, default));
    }

    [Theory]
    [InlineData("http://pay.example/sandbox", "http://pay.example/sandbox/v1/books")]
    [InlineData("http://pay.example/sandbox/", "http://pay.example/sandbox/v1/books")]
    [InlineData("http://pay.example:8090", "http://pay.example:8090/v1/books")]
    public void An_address_keeps_the_whole_of_its_path(string url, string books)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Payments:Sandbox:Url", url)])
            .Build();

        var read = Configured.UriOf(configuration, "Payments:Sandbox:Url");

        Assert.Equal(books, new Uri(read!, "v1/books").ToString());
    }

    /// <summary>Keeps nobody from going straight, and remembers who asked for the way.</summary>
    sealed class Watching : IWebProxy
    {
        public ConcurrentBag<int> Asked { get; } = [];

        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination)
        {
            Asked.Add(destination.Port);
            return null;
        }

        public bool IsBypassed(Uri host)
        {
            Asked.Add(host.Port);
            return true;
        }
    }
}
