using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Kontor.Platform.Neighbours;

/// <summary>Where the services are that run in other processes, and as which client this process calls on them.</summary>
/// <param name="Urls">By service name; a service that is missing is not called on.</param>
/// <param name="CredentialsFile">JSON with <c>client_id</c> and <c>client_secret</c>, as <c>kontor clients add</c> prints it.</param>
public sealed record NeighbourSettings(IReadOnlyDictionary<string, Uri> Urls, string? CredentialsFile)
{
    public const string Section = "Services";
    public const string Credentials = "Services:CredentialsFile";

    /// <summary>Reads <c>Services:{Catalog,Ordering,Identity}:Url</c> and <c>Services:CredentialsFile</c>.</summary>
    /// <exception cref="MisconfiguredException">A value that cannot be used; the message says which and why.</exception>
    public static NeighbourSettings Read(IConfiguration configuration, IEnumerable<string> services)
    {
        var urls = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var service in services)
            if (configuration[UrlOf(service)] is { Length: > 0 } written)
                urls.Add(service, Checked(UrlOf(service), written));
        var file = configuration[Credentials];
        if (file is not null && !File.Exists(file))
            throw new MisconfiguredException($"{Credentials} names '{file}', and there is no such file.");
        if (file is not null && !HoldsClient(file))
            throw new MisconfiguredException(
                $"{Credentials} names '{file}', which must be JSON with the strings client_id and client_secret, as `kontor clients add` prints it."
            );
        return new(urls, file);
    }

    static bool HoldsClient(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            return json.RootElement.ValueKind == JsonValueKind.Object
                && IsWritten(json.RootElement, "client_id")
                && IsWritten(json.RootElement, "client_secret");
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool IsWritten(JsonElement client, string name) =>
        client.TryGetProperty(name, out var member)
        && member.ValueKind == JsonValueKind.String
        && member.GetString() is { Length: > 0 };

    public Uri? Find(string service) => Urls.GetValueOrDefault(service);

    public static string UrlOf(string service) => $"{Section}:{char.ToUpperInvariant(service[0])}{service[1..]}:Url";

    /// <summary>Tokens and personal data travel there: in the clear only on this machine or by an operator's own word.</summary>
    static Uri Checked(string name, string written) =>
        Uri.TryCreate(written.TrimEnd('/') + "/", UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            ? url
            : throw new MisconfiguredException(
                $"{name} is '{written}'; it must be an address such as https://catalog.internal:8443."
            );
}
