using Kontor.Ordering.Payments;
using Kontor.Platform.Postgres;
using Kontor.Sandbox;

namespace Kontor.Host.Serving;

/// <summary>Which sandbox takes this program's payments: the one that is configured, else, on the private database, one
/// that runs inside the process. A shop on a server of its own takes no play money unless it is told to.</summary>
/// <param name="Account">Null where the sandbox takes no payments here.</param>
/// <param name="Inside">The sandbox that runs here, if one does.</param>
sealed record Payments(SandboxAccount? Account, SandboxServer? Inside) : IAsyncDisposable
{
    static readonly Payments None = new(null, null);

    /// <exception cref="IOException">What is configured cannot be used; the message says what to do.</exception>
    public static async Task<Payments> Open(
        ServeSettings settings,
        IConfiguration configuration,
        PostgresOrigin database,
        ILoggerFactory logs,
        CancellationToken stop
    )
    {
        if (!settings.Services.Contains("ordering", StringComparer.Ordinal))
            return None;
        var callbacks = UriOf(configuration, "Payments:Callbacks");
        if (Configured(configuration) is { } account)
        {
            var (url, secret) = account();
            return new(new(url, secret, callbacks), null);
        }
        if (database == PostgresOrigin.Configured)
            return None;

        var sandbox = SandboxSettings.In(FolderIn(settings.Folder), "http://127.0.0.1:0");
        var inside = await SandboxServer.Start(sandbox, logs, stop);
        return new(new(new(inside.Urls.First()), ReadSecret(sandbox.SecretFile), callbacks), inside);
    }

    /// <summary>Where a sandbox inside the process keeps its books.</summary>
    public static string FolderIn(string data) => Path.Combine(data, "sandbox");

    /// <summary>Address and secret of the sandbox that is configured; null where none is.</summary>
    public static Func<(Uri Url, string Secret)>? Configured(IConfiguration configuration) =>
        UriOf(configuration, "Payments:Sandbox:Url") is { } url
            ? () => (url, ReadSecret(configuration["Payments:Sandbox:SecretFile"]))
            : null;

    public async ValueTask DisposeAsync()
    {
        if (Inside is not null)
            await Inside.DisposeAsync();
    }

    static string ReadSecret(string? file) =>
        file is not { Length: > 0 }
            ? throw new FileNotFoundException(
                "Payments:Sandbox:Url is set, and Payments:Sandbox:SecretFile does not say where its secret is."
            )
            : SecretFile.Read(file);

    /// <summary>With a slash at its end: what is looked up below it would take the place of its last segment.</summary>
    internal static Uri? UriOf(IConfiguration configuration, string name) =>
        configuration[name] is not { Length: > 0 } text ? null
        : Uri.TryCreate(text.EndsWith('/') ? text : $"{text}/", UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
            ? url
        : throw new IOException($"{name} is '{text}', and is to be an address such as http://127.0.0.1:8090.");
}
