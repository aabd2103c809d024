using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Kontor.Platform;
using Kontor.Search.OpenSearch;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Search.Beside;

/// <summary>Where products are found.</summary>
/// <param name="Beside">Null: in the memory of the process.</param>
sealed record SearchPlace(BesideSettings? Beside);

/// <summary>The OpenSearch that this installation searches in. Secrets are shown by nothing that prints this.</summary>
/// <param name="Options">For one request of a writer.</param>
/// <param name="Prefix">What the names of its indices begin with.</param>
/// <param name="AskingMs">How long one question may take.</param>
sealed partial record BesideSettings(OpenSearchOptions Options, string Prefix, int AskingMs)
{
    public const string Section = "Search:OpenSearch";

    static readonly string[] Settings =
    [
        "Address",
        "Index",
        "User",
        "Password",
        "PasswordFile",
        "Token",
        "TokenFile",
        "Authorities",
        "Shards",
        "Replicas",
        "TimeoutMs",
        "WriteTimeoutMs",
    ];

    /// <summary>Null where nothing is set: products are found in the memory of the process.</summary>
    /// <exception cref="MisconfiguredException">A value that cannot be used; the message says which and why.</exception>
    public static BesideSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (!section.GetChildren().Any())
            return null;
        if (section.GetChildren().FirstOrDefault(child => !IsSetting(child.Key)) is { } unknown)
            throw Wrong(unknown.Key, $"is no setting; there are {string.Join(", ", Settings)}.");
        var prefix = section["Index"] ?? "kontor";
        if (!PrefixName().IsMatch(prefix))
            throw Wrong("Index", "has up to 60 small letters, digits and '-', beginning with a letter.");
        var options = new OpenSearchOptions(AddressOf(section), prefix)
        {
            User = section["User"],
            Password = Secret(section, "Password"),
            Token = Secret(section, "Token"),
            Authorities = AuthoritiesOf(section),
            Shards = Whole(section, "Shards", otherwise: 1, 1, 1_000),
            Replicas = Whole(section, "Replicas", otherwise: 1, 0, 20),
            TimeoutMs = Whole(section, "WriteTimeoutMs", otherwise: 30_000, 100, 300_000),
        };
        if (options.User is null != options.Password is null)
            throw Wrong("User", "and its password stand together: set both, or neither.");
        if (options is { User: not null, Token: not null })
            throw Wrong("Token", $"and {Section}:User are both set; leave one of them out.");
        var shaped = options with { Alias = $"{prefix}-{OpenSearchEngine.ShapeOf(options, BesideShop.Schema)}" };
        return shaped.Fault is { } fault
            ? throw Wrong("Address", fault)
            : new(shaped, prefix, Whole(section, "TimeoutMs", otherwise: 2_000, 100, 60_000));
    }

    static bool IsSetting(string key) => Settings.Contains(key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentence never repeats the value: there may be a password in it.</summary>
    static Uri AddressOf(IConfigurationSection section)
    {
        if (section["Address"] is not { Length: > 0 } written)
            throw Wrong("Address", "is not set: where the cluster answers, such as https://search.example:9200/.");
        if (
            !Uri.TryCreate(written.EndsWith('/') ? written : written + "/", UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url is not { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
        )
            throw Wrong(
                "Address",
                $"must be such as https://search.example:9200/: user and password stand in {Section}:User and {Section}:PasswordFile."
            );
        return url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback
            ? throw Wrong("Address", "is plain http to another machine, and products travel there: use https.")
            : url;
    }

    static string? Secret(IConfigurationSection section, string name)
    {
        var (written, file) = (section[name], section[name + "File"]);
        if (written is not null && file is not null)
            throw Wrong(name, $"and {Section}:{name}File are both set; leave one of them out.");
        if (file is null)
            return Clean(written, name);
        try
        {
            return Clean(File.ReadAllText(file).Trim(), name + "File");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Wrong(name + "File", $"names '{file}', which cannot be read: {unreadable.Message}");
        }
    }

    static string? Clean(string? value, string name) =>
        value is not null && (value.Length == 0 || value.Any(char.IsControl))
            ? throw Wrong(name, "is empty, or has line ends in it.")
            : value;

    static string? AuthoritiesOf(IConfigurationSection section)
    {
        if (section["Authorities"] is not { } file)
            return null;
        if (!File.Exists(file))
            throw Wrong("Authorities", $"names '{file}', where there is no file: certificates as PEM.");
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(file);
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Wrong("Authorities", $"names '{file}', which cannot be read: {unreadable.Message}");
        }
        return found.Count > 0 ? file : throw Wrong("Authorities", $"names '{file}', which has no certificate as PEM.");
    }

    static int Whole(IConfigurationSection section, string name, int otherwise, int least, int most) =>
        section[name] is not { } written ? otherwise
        : int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
        : throw Wrong(name, $"is '{written}'; it must be a whole number from {least} to {most}.");

    static MisconfiguredException Wrong(string name, string what) => new($"{Section}:{name} {what}");

    public override string ToString() => $"{Prefix} at {Options.Address}";

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,59}\z", RegexOptions.None, 1000)]
    private static partial Regex PrefixName();
}
