using System.Security.Cryptography;
using System.Text;

namespace Kontor.Catalog.Tests.Media.Stores;

/// <summary>A request as it came over the line: what AWS Signature Version 4 is made of.</summary>
/// <param name="Target">Path and query as they were sent.</param>
sealed record SignedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers);

/// <summary>Checks signatures by the published description of Signature Version 4 for S3, and by no code of a client's.</summary>
static class SignatureV4
{
    const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The access key that a request names; null where it names none.</summary>
    public static string? KeyOf(SignedRequest request) => Field(request, "Credential")?.Split('/')[0];

    public static bool IsSignedBy(SignedRequest request, string secret) =>
        Field(request, "Signature") is { } told && told == Sign(request, secret);

    public static string Sign(SignedRequest request, string secret)
    {
        var scope = Field(request, "Credential")!.Split('/')[1..];
        var toSign =
            $"{Algorithm}\n{request.Headers["x-amz-date"]}\n{string.Join('/', scope)}\n{Hex(Canonical(request))}";
        var key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (var part in scope)
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    static string Canonical(SignedRequest request)
    {
        var (path, query) = request.Target.Split('?', 2) is [var before, var after]
            ? (before, after)
            : (request.Target, "");
        var signed = Field(request, "SignedHeaders")!;
        var headers = string.Concat(signed.Split(';').Select(name => $"{name}:{request.Headers[name].Trim()}\n"));
        var parameters = query
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Written(pair[0]), Value: Written(pair.ElementAtOrDefault(1) ?? "")))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}");
        return string.Join(
            '\n',
            request.Method,
            string.Join('/', path.Split('/').Select(Written)),
            string.Join('&', parameters),
            headers,
            signed,
            request.Headers["x-amz-content-sha256"]
        );
    }

    /// <summary>Whatever way it was sent, in the one way that is signed (RFC 3986, unreserved letters bare).</summary>
    static string Written(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    static string? Field(SignedRequest request, string name)
    {
        if (!request.Headers.TryGetValue("authorization", out var text))
            return null;
        return text.StartsWith(Algorithm, StringComparison.Ordinal)
            ? text[Algorithm.Length..]
                .Split(',')
                .Select(field => field.Trim().Split('=', 2))
                .FirstOrDefault(field => field[0] == name)
                ?.ElementAtOrDefault(1)
            : null;
    }

    static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
