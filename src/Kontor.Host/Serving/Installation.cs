using Kontor.Catalog;
using Kontor.Identity;
using Kontor.Ordering;
using Kontor.Platform.Encryption;
using Kontor.Platform.Postgres;

namespace Kontor.Host.Serving;

/// <summary>One installation on this machine: its data folder, and what lies where in it.</summary>
/// <param name="Folder">The data folder: keys, the private cluster, the first credentials.</param>
sealed record Installation(string Folder)
{
    public const string DefaultFolder = ".kontor";

    public static readonly IReadOnlyList<string> Services = ["catalog", "ordering", "identity"];

    public static readonly IReadOnlyList<ServiceSchema> Schemas =
    [
        ServiceSchema.Of("catalog", typeof(CatalogDatabase).Assembly),
        ServiceSchema.Of("ordering", typeof(OrderingDatabase).Assembly),
        ServiceSchema.Of("identity", typeof(IdentityDatabase).Assembly),
    ];

    public static IReadOnlyList<ServiceSchema> SchemasOf(IReadOnlyList<string> services) =>
        [.. Schemas.Where(schema => services.Contains(schema.Name, StringComparer.Ordinal))];

    public string KeyFolder => Path.Combine(Folder, "keys");

    public string FirstCredentials => Path.Combine(Folder, "first-credentials.json");

    public InstallationKey OpenKey() => InstallationKey.OpenOrMake(Path.Combine(KeyFolder, "installation.key"));

    public static IConfiguration Configuration(IReadOnlyDictionary<string, string?>? more = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables();
        if (more is not null)
            configuration.AddInMemoryCollection(more);
        return configuration.Build();
    }
}
