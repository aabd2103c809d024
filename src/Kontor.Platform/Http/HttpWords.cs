using System.Diagnostics;
using Kontor.Journal;
using Kontor.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Platform.Http;

/// <summary>Words that every feature uses at the door.</summary>
public static class HttpWords
{
    /// <summary>Positions that a read may name: more than there are services.</summary>
    const int MostPositions = 10;

    extension(HttpContext http)
    {
        public TimeProvider Clock => http.RequestServices.GetRequiredService<TimeProvider>();

        public string TraceId => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

        /// <summary>Whether the caller chose a key for this write; where it moves goods they must.</summary>
        public bool HasIdempotencyKey => http.Request.Headers.ContainsKey(KontorHeaders.IdempotencyKey);

        /// <summary>The version that <c>If-Match</c> names: null where the header is absent or <c>*</c>.</summary>
        public Result<long?> ExpectedVersion(bool required)
        {
            var header = http.Request.Headers.IfMatch;
            if (string.IsNullOrWhiteSpace(header))
                return required ? Refusals.PreconditionRequired : (long?)null;
            var tag = header.ToString();
            if (tag == "*")
                return (long?)null;
            var end = tag.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? dot : tag.Length - 1;
            return
                tag.Length > 2
                && tag[0] == '"'
                && tag[^1] == '"'
                && long.TryParse(tag.AsSpan(1, end - 1), out var version)
                ? version
                : Refusals.PreconditionFailed.Because("If-Match is not an ETag that this resource ever had.");
        }

        /// <summary>The position in a service's journal that this read must not be older than; null where it names none.
        /// <c>Kontor-Position</c> holds one, or several of different services separated by commas.</summary>
        public Result<Position?> AtLeast(string topic)
        {
            var header = http.Request.Headers[KontorHeaders.Position];
            if (header.Count == 0)
                return (Position?)null;
            Position? own = null;
            var given = header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
            if (given.Count > MostPositions)
                return Refusals.PositionMalformed;
            foreach (var one in given)
                if (!Position.TryParse(one, out var position))
                    return Refusals.PositionMalformed;
                else if (position.Value.Topic == topic)
                    own = position;
            return own;
        }
    }

    /// <summary>The success status of a feature that does not answer 200 (201 Created, 202 Accepted beside it).</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder route, params int[] statuses)
    {
        route.Finally(builder =>
        {
            var success = builder.Metadata.OfType<ProducesResponseTypeMetadata>().First(m => m.StatusCode == 200);
            builder.Metadata.Remove(success);
            foreach (var status in statuses)
                builder.Metadata.Add(new ProducesResponseTypeMetadata(status, success.Type, [.. success.ContentTypes]));
        });
        return route;
    }

    /// <summary>Names the refusals of a feature, for OpenAPI and for the tests that hold it to them.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params Rejection[] rejections)
    {
        foreach (var status in rejections.GroupBy(r => r.Status))
            route.Produces<Problem>(status.Key, Problems.MediaType);
        return route.WithMetadata(new RefusedWith(rejections));
    }
}

/// <summary>The refusals that an endpoint names.</summary>
public sealed record RefusedWith(IReadOnlyList<Rejection> Rejections);
