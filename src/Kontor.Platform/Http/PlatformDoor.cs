using System.Net;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Caching;
using Kontor.Platform.Graph;
using Kontor.Platform.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Scalar.AspNetCore;

namespace Kontor.Platform.Http;

/// <summary>How the outside comes in: the pipeline that every request passes, the same for every service.</summary>
public static class PlatformDoor
{
    public const int MaxBodyBytes = 1 << 20;
    const string KnownProxies = "ForwardedHeaders:KnownProxies";

    public static void AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentUpgradedConnections = 10_000;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
        });
        services.Configure<Microsoft.AspNetCore.Http.Json.JsonOptions>(json =>
            KontorJson.Configure(json.SerializerOptions)
        );
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<ForwardedHeadersOptions>(forwarded => TrustProxies(forwarded, configuration));
        services.AddExceptionHandler<Faults>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = NameTheCode);
        services.AddAccess();
        services.AddSingleton<RateLimits>();
        services.AddSecurityHeaders();
        services.AddKontorOpenApi();
        services.AddKontorTelemetry(configuration);
    }

    public static void UsePlatform(this WebApplication app)
    {
        if (app.Configuration.GetSection(KnownProxies).Exists())
            app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages(async bare =>
            await Problems.Write(bare.HttpContext, Problems.OfStatus(bare.HttpContext.Response.StatusCode))
        );
        app.Use(RefuseUnstorableAddresses);
        app.Use(TakeHeadAsGet);
        app.UseRouting();
        app.UseCallers();
        app.UseMiddleware<RateLimiting>();
        app.UseMiddleware<HitsFirst>();
        app.UseAuthorization();
        app.UseMiddleware<BufferedBodies>();
        app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(15) });
    }

    /// <summary>What is there whichever services run: health, metrics, documents.</summary>
    public static void MapPlatform(this IEndpointRouteBuilder routes)
    {
        routes.MapHealth();
        routes.MapGraph();
        routes.MapMetrics().OpenToAll("A scraper on this machine; the network only with Metrics:Public.");
        routes.MapOpenApi("/openapi/{documentName}.json").OpenToAll("The API's description is public.");
        routes
            .MapScalarApiReference(
                "/docs",
                docs =>
                    docs.WithTitle("Kontor")
                        .WithOpenApiRoutePattern("/openapi/v1.json")
                        .DisableDefaultFonts()
                        .HideDeveloperTools()
                        .HideClientButton()
                        .DisableAgent()
                        .DisableMcp()
                        .DisableTelemetry()
            )
            .OpenToAll("The API's description is public.");
    }

    /// <summary>The group that a service maps its features on.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes, string path)
    {
        var group = routes.MapGroup($"/api/v1{path}");
        group.RefusesUnknownParameters();
        return group;
    }

    /// <summary>Believes X-Forwarded-For and -Proto from the proxies named (addresses), and from nobody else.</summary>
    static void TrustProxies(ForwardedHeadersOptions forwarded, IConfiguration configuration)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        foreach (var proxy in configuration.GetSection(KnownProxies).Get<string[]>() ?? [])
            forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
    }

    /// <summary>PostgreSQL cannot hold U+0000; a path or query that names it asks for nothing that exists.</summary>
    static Task RefuseUnstorableAddresses(HttpContext http, RequestDelegate next) =>
        http.Request.Path.Value?.Contains('\0') == true
        || http.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true
            ? Problems.Write(http, Refusals.BadRequest.Because("The address holds U+0000."))
            : next(http);

    /// <summary>HEAD is GET, and the server leaves the body out. Not for the stream, which would never end.</summary>
    static Task TakeHeadAsGet(HttpContext http, RequestDelegate next)
    {
        if (
            HttpMethods.IsHead(http.Request.Method)
            && !http.Request.Path.StartsWithSegments("/api/v1/stream", StringComparison.OrdinalIgnoreCase)
        )
            http.Request.Method = HttpMethods.Get;
        return next(http);
    }

    /// <summary>Gives the framework's own problems (validation) our code, trace id and JSON paths.</summary>
    static void NameTheCode(ProblemDetailsContext context)
    {
        var rejection =
            context.ProblemDetails is HttpValidationProblemDetails
                ? Refusals.ValidationFailed
                : Problems.OfStatus(context.ProblemDetails.Status ?? 500);
        var problem = context.ProblemDetails;
        problem.Type = $"urn:kontor:problem:{rejection.Code}";
        problem.Title = rejection.Message;
        problem.Status = rejection.Status;
        problem.Extensions["code"] = rejection.Code;
        problem.Extensions["traceId"] = context.HttpContext.TraceId;
        if (problem is HttpValidationProblemDetails invalid)
            invalid.Errors = invalid.Errors.ToDictionary(
                error => JsonPath(error.Key),
                error => error.Value,
                StringComparer.Ordinal
            );
    }

    /// <summary><c>Lines[0].UnitPrice</c> becomes <c>lines[0].unitPrice</c>.</summary>
    static string JsonPath(string path) =>
        string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
