using Kontor.Journal;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Caching;

/// <summary>Names a body that is kept: an address as it came, or a part of answers in a context.</summary>
/// <param name="Space">The path; or what kind of part it is, and in which context.</param>
/// <param name="Name">The query; or the part's own name.</param>
/// <param name="Id">The part's own id, where it has one.</param>
public readonly record struct BodyKey(string Space, string Name = "", Guid Id = default)
{
    public static BodyKey Of(HttpRequest request) =>
        new(request.Path.Value ?? "", request.QueryString.HasValue ? request.QueryString.Value! : "");

    /// <summary>Longer than any address that somebody means; callers choose it, and such a body is not kept.</summary>
    internal bool IsLong => Space.Length + Name.Length > 1_000;

    internal int Bytes => 2 * (Space.Length + Name.Length);

    public override string ToString() => Id == default ? $"{Space} {Name}" : $"{Space} {Name} {Id:N}";
}

/// <summary>An answer, or a part of answers, as ready UTF-8.</summary>
/// <param name="Bytes">Nobody writes into them.</param>
/// <param name="Tags">The words at whose eviction it is old: <c>product:0193…</c>.</param>
public sealed record Body(ReadOnlyMemory<byte> Bytes, IReadOnlyList<string> Tags)
{
    /// <summary>Its strong validator, in quotes.</summary>
    public string? ETag { get; init; }

    /// <summary>The languages of its texts as <c>Content-Language</c> says them; null where none was asked for.</summary>
    public string? Languages { get; init; }

    /// <summary>How long after it was read it is right by itself, by the database's clock; null: until it is evicted.</summary>
    public TimeSpan? Lasts { get; init; }

    /// <summary>How long it may be shown at all, even where the database is away: publication ends then.</summary>
    public TimeSpan? Shown { get; init; }
}

/// <summary>What a load found.</summary>
/// <param name="Head">Read in the same snapshot as the bodies, or before it.</param>
/// <param name="Bodies">Those that there are, by the keys that were asked for.</param>
public sealed record Loaded(JournalHead Head, IReadOnlyDictionary<BodyKey, Body> Bodies)
{
    /// <summary>What is answered instead, and not kept: there is no such thing, or it stands elsewhere.</summary>
    public IResult? Otherwise { get; init; }
}

/// <summary>Reads what the cache misses, all of it at once. It outlives the request that asked: it takes nothing from it.</summary>
public delegate Task<Loaded> LoadBodies(IReadOnlyList<BodyKey> missing, CancellationToken stop);

/// <summary>Something changed that bodies with this tag show.</summary>
/// <param name="Sequence">The event's.</param>
public readonly record struct Eviction(string Tag, long Sequence)
{
    /// <summary>The tag that every body has.</summary>
    public const string Everything = "*";
}
