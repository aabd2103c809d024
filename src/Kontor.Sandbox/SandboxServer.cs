using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Sandbox;

/// <summary>Where the sandbox listens and keeps its things.</summary>
/// <param name="Urls">Port 0 takes a free one.</param>
/// <param name="Folder">The books.</param>
/// <param name="SecretFile">Made at the first start.</param>
public sealed record SandboxSettings(IReadOnlyList<string> Urls, string Folder, string SecretFile)
{
    /// <summary>With its secret beside its books.</summary>
    public static SandboxSettings In(string folder, params IReadOnlyList<string> urls) =>
        new(urls, folder, Path.Combine(folder, "secret"));
}

/// <summary>A payment provider that takes no real money: a system of its own, that knows of keys and amounts and nothing
/// of orders. What it took stands in its books, to be compared with what its merchant believes.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    readonly WebApplication running;

    SandboxServer(WebApplication app) => running = app;

    public IReadOnlyCollection<string> Urls => [.. running.Urls];

    /// <summary>The file of the books in their folder.</summary>
    public static string BooksIn(string folder) => Path.Combine(folder, "books.ndjson");

    /// <summary>Opens the books, then the door. Ready when it returns.</summary>
    /// <exception cref="IOException">The books are another process's, or cannot be written.</exception>
    public static async Task<SandboxServer> Start(SandboxSettings settings, ILoggerFactory logs, CancellationToken stop)
    {
        var secret = Secret.OpenOrMake(settings.SecretFile);
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(logs);
        builder.Services.AddLogging();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHostLifetime, Owned>();
        builder.Services.AddSingleton(secret);
        builder.Services.AddSingleton<Conduct>();
        // Made by the container, which so closes the file with the rest.
        builder.Services.AddSingleton(services =>
            Books.Open(BooksIn(settings.Folder), services.GetRequiredService<TimeProvider>())
        );
        builder.Services.AddHostedService<Callbacks>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.AddServerHeader = false)
            .UseUrls([.. settings.Urls]);
        var app = builder.Build();
        try
        {
            app.Services.GetRequiredService<Books>();
            SandboxDoor.Use(app, secret);
            await app.StartAsync(stop);
            return new(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdown(CancellationToken stop) => running.WaitForShutdownAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await running.StopAsync();
        await running.DisposeAsync();
    }

    /// <summary>Its owner stops it. With signals of its own it would go while a server around it still drains.</summary>
    sealed class Owned : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
