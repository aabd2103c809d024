using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Kontor.Platform;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Media;

/// <summary>Where this installation keeps its pictures: in a bucket where one is named, else in the folder.</summary>
/// <param name="Folder">A folder that every process of the catalogue sees; <c>Media:Folder</c>.</param>
/// <param name="Bucket">A bucket of an S3-compatible store; <c>Media:S3</c>.</param>
public sealed record MediaPlace(string Folder, BucketPlace? Bucket = null)
{
    /// <summary>Reads <c>Media:Folder</c> or <c>Media:S3</c>.</summary>
    /// <param name="folder">Where pictures lie if nothing is said.</param>
    /// <exception cref="MisconfiguredException">A value that cannot be used; the message says which and why.</exception>
    public static MediaPlace Read(IConfiguration configuration, string folder)
    {
        var bucket = BucketPlace.Read(configuration.GetSection(BucketPlace.Section));
        var named = configuration["Media:Folder"] is { Length: > 0 } written ? Path.GetFullPath(written) : null;
        return bucket is not null && named is not null
            ? throw new MisconfiguredException(
                "Media:Folder and Media:S3 are both set; pictures lie in one place: leave one of them out."
            )
            : new(named ?? folder, bucket);
    }
}

/// <summary>A bucket, and as whom it is used. The secret is shown by nothing that prints this.</summary>
/// <param name="Endpoint">An origin: <c>https://s3.eu-north-1.amazonaws.com</c>, <c>http://127.0.0.1:9000</c>.</param>
/// <param name="Region">What requests are signed for; stores that know no regions take any.</param>
/// <param name="IsPathStyle">Whether the bucket stands in the path, not in front of the host's name.</param>
/// <param name="Prefix">What stands before every name in the bucket; empty, or with a slash at its end.</param>
/// <param name="Patience">For one request, with its repeats.</param>
public sealed partial record BucketPlace(
    Uri Endpoint,
    string Bucket,
    string Region,
    string AccessKey,
    string SecretKey,
    bool IsPathStyle,
    string Prefix,
    TimeSpan Patience
)
{
    public const string Section = "Media:S3";

    static readonly string[] Settings =
    [
        "Endpoint",
        "Bucket",
        "Region",
        "AccessKey",
        "SecretKey",
        "SecretKeyFile",
        "PathStyle",
        "Prefix",
        "AllowPlainHttp",
        "TimeoutMs",
    ];

    /// <summary>Null where nothing is set.</summary>
    internal static BucketPlace? Read(IConfigurationSection section)
    {
        if (!section.GetChildren().Any())
            return null;
        if (section.GetChildren().FirstOrDefault(child => !IsSetting(child.Key)) is { } unknown)
            throw Wrong(unknown.Key, $"is no setting; there are {string.Join(", ", Settings)}.");
        var isPathStyle = Switch(section, "PathStyle", otherwise: true);
        return new(
            EndpointOf(section),
            BucketOf(section, isPathStyle),
            RegionName().IsMatch(section["Region"] ?? "us-east-1")
                ? section["Region"] ?? "us-east-1"
                : throw Wrong("Region", $"is '{section["Region"]}'; a region has a name such as eu-north-1."),
            Word(section["AccessKey"], "AccessKey", "the name of the key by which the bucket is used"),
            SecretOf(section),
            isPathStyle,
            PrefixOf(section),
            PatienceOf(section)
        );
    }

    static bool IsSetting(string key) => Settings.Contains(key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Pictures travel there unsealed, under signatures that whoever reads them can use again for minutes.</summary>
    static Uri EndpointOf(IConfigurationSection section)
    {
        var written = section["Endpoint"];
        if (
            !Uri.TryCreate(written, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url is not { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0, AbsolutePath: "/" }
        )
            throw Wrong(
                "Endpoint",
                written is null
                    ? "is not set: the origin of the store, such as https://s3.eu-north-1.amazonaws.com."
                    : $"must be an origin such as https://s3.eu-north-1.amazonaws.com: scheme, host and port alone."
            );
        return url.Scheme == Uri.UriSchemeHttp && !IsHere(url) && !Switch(section, "AllowPlainHttp", otherwise: false)
            ? throw Wrong(
                "Endpoint",
                $"is '{written}', plain http to another machine: use https, or set {Section}:AllowPlainHttp to true where the network between is your own."
            )
            : url;
    }

    static bool IsHere(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.Host, out var ip) && IPAddress.IsLoopback(ip));

    static string BucketOf(IConfigurationSection section, bool isPathStyle)
    {
        var bucket = section["Bucket"] ?? throw Wrong("Bucket", "is not set: the name of the bucket.");
        if (!BucketName().IsMatch(bucket) || bucket.Contains("..", StringComparison.Ordinal))
            throw Wrong(
                "Bucket",
                $"is '{bucket}'; a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, the first and the last a letter or a digit."
            );
        return bucket.Contains('.', StringComparison.Ordinal) && !isPathStyle
            ? throw Wrong(
                "Bucket",
                $"is '{bucket}'; a name with dots fits no certificate: set {Section}:PathStyle to true."
            )
            : bucket;
    }

    static string SecretOf(IConfigurationSection section)
    {
        const string What = "the secret of the access key";
        if (section["SecretKeyFile"] is not { Length: > 0 } file)
            return Word(
                section["SecretKey"],
                "SecretKey",
                $"{What}; or name a file with it in {Section}:SecretKeyFile"
            );
        if (section["SecretKey"] is not null)
            throw Wrong("SecretKey", $"and {Section}:SecretKeyFile are both set; leave one of them out.");
        try
        {
            return Word(File.ReadAllText(file).Trim(), "SecretKeyFile", What);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Wrong("SecretKeyFile", $"names '{file}', which cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>The sentence never repeats the value: it may be the secret, though in the wrong place.</summary>
    static string Word(string? value, string name, string what)
    {
        if (string.IsNullOrEmpty(value))
            throw Wrong(name, $"is not set: {what}.");
        return value.Any(letter => letter is <= ' ' or > '~')
            ? throw Wrong(name, "has characters that no key has: blanks, line ends, or none of ASCII.")
            : value;
    }

    static string PrefixOf(IConfigurationSection section) =>
        section["Prefix"] switch
        {
            null or "" => "",
            { } prefix when PrefixName().IsMatch(prefix) => prefix.TrimEnd('/') + "/",
            { } prefix => throw Wrong(
                "Prefix",
                $"is '{prefix}'; it has up to 200 letters, digits, dots, hyphens, underscores and single slashes between them."
            ),
        };

    static TimeSpan PatienceOf(IConfigurationSection section) =>
        section["TimeoutMs"] is not { } written ? TimeSpan.FromSeconds(10)
        : int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
        && ms is >= 100 and <= 60_000
            ? TimeSpan.FromMilliseconds(ms)
        : throw Wrong("TimeoutMs", $"is '{written}'; it must be a whole number from 100 to 60000.");

    static bool Switch(IConfigurationSection section, string name, bool otherwise) =>
        section[name] switch
        {
            null => otherwise,
            { } written when bool.TryParse(written, out var isOn) => isOn,
            { } written => throw Wrong(name, $"is '{written}'; it must be true or false."),
        };

    static MisconfiguredException Wrong(string name, string what) => new($"{Section}:{name} {what}");

    public override string ToString() => $"{Bucket} at {Endpoint}";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.None, 1000)]
    private static partial Regex BucketName();

    [GeneratedRegex(@"\A[a-z0-9-]{1,64}\z", RegexOptions.None, 1000)]
    private static partial Regex RegionName();

    [GeneratedRegex(@"\A(?=.{1,200}\z)[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PrefixName();
}
