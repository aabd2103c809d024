using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>A picture came, was replaced, or is described anew.</summary>
/// <param name="Key">The key that its owner gave it.</param>
/// <param name="Version">Its version (ETag).</param>
/// <param name="File">Names its files; another one with each picture.</param>
/// <param name="Width">In pixels, upright.</param>
/// <param name="Alt">What it shows, for those who do not see it.</param>
[EventName("media.set.v1")]
public sealed record MediaSet(string Key, long Version, Guid File, int Width, int Height, string? Alt);

/// <summary>A product shows other pictures, or the same in another order.</summary>
/// <param name="Version">The product's (ETag).</param>
/// <param name="Media">Keys of pictures, in order.</param>
[EventName("product.media-set.v1")]
public sealed record ProductMediaSet(Guid Product, long Version, IReadOnlyList<string> Media);

/// <summary>A picture is no more.</summary>
[EventName("media.removed.v1")]
public sealed record MediaRemoved(string Key);
