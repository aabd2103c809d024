using System.Text.Json;
using Kontor.Catalog.Demo;
using Kontor.Identity.Clients;
using Kontor.Platform.Access;

namespace Kontor.Host.Serving;

/// <summary>What the first start does once: goods to look at, and one client with every right.</summary>
static class FirstStart
{
    const string Name = "first";

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
    /// <remarks>The draft stands before the client does and becomes the file when the secret is on the disk. A draft that
    /// is found at the start says that a process died between: its client, whose secret nobody saw, goes.</remarks>
    static async Task<bool> MakeFirstClient(ApiClients clients, Installation installation, CancellationToken stop)
    {
        var draft = $"{installation.FirstCredentials}.new";
        var standing = await clients.List(stop);
        if (File.Exists(draft))
            foreach (var unseen in standing.Where(client => client.Name == Name))
                await clients.Remove(unseen.ClientId, stop);
        else if (File.Exists(installation.FirstCredentials) || standing.Count > 0)
            return false;

        await using (var file = new FileStream(draft, Private()))
        {
            var made = (await clients.Add(Name, Scopes.All, stop)).Value;
            await JsonSerializer.SerializeAsync(
                file,
                new { client_id = made.ClientId, client_secret = made.ClientSecret },
                cancellationToken: stop
            );
            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, installation.FirstCredentials, overwrite: true);
        return true;
    }

    static FileStreamOptions Private() =>
        OperatingSystem.IsWindows()
            ? new() { Mode = FileMode.Create, Access = FileAccess.Write }
            : new()
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
}
