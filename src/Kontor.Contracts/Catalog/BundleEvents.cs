using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>Pieces of a variant that are in one bundle.</summary>
/// <param name="Sku">The component.</param>
/// <param name="Quantity">1 to 10,000.</param>
public sealed record BundleComponent(string Sku, int Quantity);

/// <summary>A variant is made of others now, or of others than before. From here on its availability follows theirs: their
/// <c>stock.changed.v1</c> speaks for it too.</summary>
/// <param name="Version">The version of its components (ETag).</param>
/// <param name="Product">The product whose answers show it.</param>
/// <param name="Components">All of them, in their order.</param>
[EventName("bundle.changed.v1")]
public sealed record BundleChanged(string Sku, long Version, Guid Product, IReadOnlyList<BundleComponent> Components);

/// <summary>A variant is not made of others any more, or is gone.</summary>
[EventName("bundle.removed.v1")]
public sealed record BundleRemoved(string Sku, long Version, Guid Product);
