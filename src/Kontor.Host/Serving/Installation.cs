using Kontor.Catalog;
using Kontor.Catalog.Media;
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

    /// <summary>Where pictures lie: the bucket or the folder that is configured, else a folder in the data folder.</summary>
    public MediaPlace Media(IConfiguration configuration) =>
        MediaPlace.Read(configuration, Path.Combine(Folder, "media"));

    /// <summary>The keys that personal data is sealed under. The master key is the file that is configured; else the one in
    /// the data folder, which is made at the first start where the database is in that folder too.</summary>
    /// <exception cref="KeyUnavailableException">The master key is not there, and must not be made up.</exception>
    public KeyRing OpenKeys(IConfiguration configuration, PostgresOrigin origin)
    {
        var own = OwnKey;
        var master =
            configuration["Encryption:MasterKeyFile"] is { Length: > 0 } file ? MasterKey.Open(file)
            : File.Exists(own) ? MasterKey.Open(own)
            : origin == PostgresOrigin.Configured
                ? throw new KeyUnavailableException(
                    $"A configured database needs a master key that outlives this machine: make one with `umask 077; head -c {MasterKey.Bytes} "
                        + "/dev/urandom > FILE`, name it in Encryption:MasterKeyFile (Encryption__MasterKeyFile), and keep a copy elsewhere."
                )
            : MasterKey.OpenOrMake(own);
        var store = configuration["Encryption:KeyStore"] is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.GetFullPath(Path.Combine(KeyFolder, "persons"));
        return new(master, new PersonKeys(store, master));
    }

    /// <summary>Whether a master key is named or lies in the data folder, so that none has to be made.</summary>
    public bool HasKey(IConfiguration configuration) =>
        configuration["Encryption:MasterKeyFile"] is { Length: > 0 } || File.Exists(OwnKey);

    string OwnKey => Path.Combine(KeyFolder, "installation.key");

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
