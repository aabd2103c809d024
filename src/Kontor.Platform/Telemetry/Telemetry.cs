using System.Net;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kontor.Platform.Telemetry;

/// <summary>Metrics at /metrics (Prometheus text), traces to an OTLP collector where one is configured.</summary>
public static class TelemetrySetup
{
    public static void AddKontorTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var collector = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("kontor"))
            .WithMetrics(metrics =>
            {
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("Npgsql", "Kontor.*")
                    .AddPrometheusExporter();
                if (collector is not null)
                    metrics.AddOtlpExporter();
            });
        if (collector is not null)
            telemetry.WithTracing(traces =>
                traces
                    .SetSampler(
                        new ParentBasedSampler(
                            new TraceIdRatioBasedSampler(configuration.GetValue("Telemetry:SampleRatio", 0.01))
                        )
                    )
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddNpgsql()
                    .AddSource("Kontor.*")
                    .AddOtlpExporter()
            );
    }

    /// <summary>Numbers tell a shop's volume, so they are for this machine's scraper; <c>Metrics:Public</c> opens them to
    /// the network, where a gateway or a firewall keeps strangers away.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        var isPublic = routes.ServiceProvider.GetRequiredService<IConfiguration>().GetValue("Metrics:Public", false);
        var scrape = routes.MapPrometheusScrapingEndpoint("/metrics");
        scrape.Add(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
                isPublic
                || http.Connection.RemoteIpAddress is null
                || IPAddress.IsLoopback(http.Connection.RemoteIpAddress)
                    ? answer(http)
                    : Problems.Write(http, Refusals.RouteNotFound);
        });
        return scrape;
    }
}
