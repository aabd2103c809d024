namespace Kontor.Catalog.Bundles;

/// <summary>What a bundle is made of, as staff see it.</summary>
/// <param name="Version">Counts changes of the components, their removal too; the ETag.</param>
/// <param name="Components">In their order.</param>
public sealed record BundleView(string Sku, long Version, IReadOnlyList<ComponentView> Components);

/// <summary>A component, as staff see it.</summary>
/// <param name="Quantity">Pieces in one bundle.</param>
/// <param name="Title">What its product is called.</param>
/// <param name="Sold">Whether its product is shown anywhere now; while one is not, the bundle is not sold.</param>
public sealed record ComponentView(string Sku, int Quantity, string Title, bool Sold);
