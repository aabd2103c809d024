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

    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint("/metrics");
}
