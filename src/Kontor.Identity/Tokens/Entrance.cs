using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenIddict.Abstractions;

namespace Kontor.Identity.Tokens;

/// <summary>What is settled before OpenIddict reads a request: that it came safely, from which address it seems to come,
/// and that its form can be read.</summary>
sealed class Entrance(RequestDelegate next, IdentitySettings settings)
{
    const int MaxBodyBytes = 16 * 1024;

    public async Task InvokeAsync(HttpContext http)
    {
        if (!CameSafely(http.Request))
        {
            await Refuse(
                http,
                400,
                "Ask over https; plain http is answered on localhost, or behind a proxy once Identity:Issuer is set."
            );
            return;
        }
        if (settings.Issuer is { } issuer)
            (http.Request.Scheme, http.Request.Host) = (issuer.Scheme, HostString.FromUriComponent(issuer));
        if (await Unreadable(http) is { } refusal)
        {
            await Refuse(http, refusal.StatusCode, "The form cannot be read.");
            return;
        }
        await next(http);
    }

    /// <summary>Secrets travel here. Encrypted, or not leaving the machine, or through the proxy that ends TLS for an https
    /// issuer. Anything else is refused: the secret is then already known to the network, and a developer who sees
    /// the error in the first minute does not go live with it.</summary>
    bool CameSafely(HttpRequest request) =>
        request.IsHttps || settings.Issuer?.Scheme == "https" || IsLoopback(request.Host.Host);

    static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads the form, which then stands ready: too many fields or too long a body are the caller's doing.</summary>
    static async Task<BadHttpRequestException?> Unreadable(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxBodyBytes;
        if (!http.Request.HasFormContentType)
            return null;
        try
        {
            await http.Request.ReadFormAsync(http.RequestAborted);
            return null;
        }
        catch (InvalidDataException malformed)
        {
            return new BadHttpRequestException(malformed.Message, StatusCodes.Status400BadRequest, malformed);
        }
        catch (BadHttpRequestException refused)
        {
            return refused;
        }
    }

    static Task Refuse(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["error"] = OpenIddictConstants.Errors.InvalidRequest,
                ["error_description"] = why,
            },
            http.RequestAborted
        );
    }
}
