using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog;

/// <summary>What whoever puts a thing under a key knows of what stands there: nothing (no If-Match), that it stands
/// (a star), or its version.</summary>
sealed record Expectation(bool IsSent, long? Version)
{
    public static Result<Expectation> Of(HttpContext http) =>
        http.ExpectedVersion(required: false)
            .Then<Expectation>(version => new Expectation(
                !string.IsNullOrWhiteSpace(http.Request.Headers.IfMatch),
                version
            ));

    /// <summary>The rule: what is new is put without If-Match, what stands only by who has seen it.</summary>
    /// <param name="standing">Its version; null where there is none.</param>
    public Rejection? Decide(long? standing) =>
        (standing, IsSent) switch
        {
            (null, false) => null,
            (null, true) => Refusals.PreconditionFailed.Because("There is none."),
            (_, false) => Refusals.PreconditionRequired,
            _ when Version is null || Version == standing => null,
            _ => Refusals.PreconditionFailed.Because($"It is at version {standing}."),
        };
}
