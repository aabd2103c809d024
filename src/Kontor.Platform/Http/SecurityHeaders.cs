using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Platform.Http;

/// <summary>The response headers of OWASP's REST guidance; the reading room at /docs may run its own script.</summary>
static class SecurityHeaders
{
    static readonly HeaderPolicyCollection Api = new HeaderPolicyCollection()
        .AddDefaultApiSecurityHeaders()
        .AddCustomHeader("X-Permitted-Cross-Domain-Policies", "none");

    static readonly HeaderPolicyCollection Docs = new HeaderPolicyCollection()
        .AddDefaultSecurityHeaders()
        .AddContentSecurityPolicy(csp =>
        {
            csp.AddDefaultSrc().None();
            csp.AddScriptSrc().Self().UnsafeInline();
            csp.AddStyleSrc().Self().UnsafeInline();
            csp.AddImgSrc().Self().Data();
            csp.AddFontSrc().Self().Data();
            csp.AddConnectSrc().Self();
            csp.AddBaseUri().None();
            csp.AddFormAction().None();
            csp.AddFrameAncestors().None();
        });

    public static void AddSecurityHeaders(this IServiceCollection services) =>
        services
            .AddSecurityHeaderPolicies()
            .SetDefaultPolicy(Api)
            .SetPolicySelector(context =>
                context.HttpContext.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? Docs : Api
            );
}
