namespace Kontor.Kernel;

/// <summary>An expected refusal: what a caller did wrong or what stands in the way, and what to do about it.</summary>
/// <param name="Code">Stable, upper-case, never reused: <c>VARIANT_NOT_FOUND</c>.</param>
/// <param name="Status">The HTTP status that it is answered with, 400 to 503.</param>
/// <param name="Message">One sentence for a person, the same for every occurrence.</param>
public sealed record Rejection(string Code, int Status, string Message)
{
    /// <summary>What is particular to this occurrence: which field, which value, what to send instead.</summary>
    public string? Detail { get; init; }

    /// <summary>Reasons by JSON path of the request (<c>lines[0].quantity</c>).</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Seconds after which the same request may succeed (<c>Retry-After</c>).</summary>
    public int? RetryAfterSeconds { get; init; }

    public Rejection Because(string detail) => this with { Detail = detail };

    public Rejection At(string path, string reason) =>
        this with
        {
            Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [path] = [reason] },
        };
}
