using System.Text.Json;
using Kontor.Catalog.Demo;
using Kontor.Identity.Clients;
using Kontor.Platform.Access;

namespace Kontor.Host.Serving;

/// <summary>What the first start does once: goods to look at, and one client with every right.</summary>
static class FirstStart
{
    public static async Task<bool> Prepare(
        IServiceProvider services,
        ServeSettings settings,
        Installation installation,
        CancellationToken stop
    )
    {
        if (!settings.IsEmpty && services.GetService<DemoCatalogue>() is { } demo)
            await demo.Load(stop);
        return settings.Services.Contains("identity", StringComparer.Ordinal)
            && await MakeFirstClient(services.GetRequiredService<ApiClients>(), installation, stop);
    }

    /// <summary>Only while there is no client at all: who deleted the file after reading it gets no second one.</summary>
    static async Task<bool> MakeFirstClient(ApiClients clients, Installation installation, CancellationToken stop)
    {
        if (File.Exists(installation.FirstCredentials) || (await clients.List(stop)).Count > 0)
            return false;
        var made = (await clients.Add("first", Scopes.All, stop)).Value;
        await using var file = new FileStream(installation.FirstCredentials, Private());
        await JsonSerializer.SerializeAsync(
            file,
            new { client_id = made.ClientId, client_secret = made.ClientSecret },
            cancellationToken: stop
        );
        file.WriteByte((byte)'\n');
        return true;
    }

    static FileStreamOptions Private() =>
        OperatingSystem.IsWindows()
            ? new() { Mode = FileMode.CreateNew, Access = FileAccess.Write }
            : new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
}
