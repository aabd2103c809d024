using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.Products;

/// <summary>A product as everybody may see it.</summary>
/// <param name="Id">Its UUID.</param>
/// <param name="Key">Its owner's name for it.</param>
/// <param name="Type">The key of its product type.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Slug">Its place in addresses, unique.</param>
/// <param name="Description">Plain text; absent where there is none.</param>
/// <param name="Categories">Keys of the categories it stands in.</param>
/// <param name="Variants">What can be bought, in the owner's order.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
/// <param name="TypeVersion">The version of its type that its attributes, and those of its variants, are read by.</param>
/// <param name="Attributes">Values by attribute of its type; those that it has.</param>
public sealed record ProductView(
    Guid Id,
    string Key,
    string Type,
    string Title,
    string Slug,
    string? Description,
    IReadOnlyList<string> Categories,
    IReadOnlyList<VariantView> Variants,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long TypeVersion,
    IReadOnlyDictionary<string, JsonElement> Attributes
);

/// <summary>A variant as everybody may see it.</summary>
/// <param name="Prices">One for each currency it is sold in; empty where it has none.</param>
/// <param name="Availability"><c>inStock</c>, <c>backorder</c> (can be ordered, comes later) or <c>outOfStock</c>.</param>
/// <param name="Attributes">Values by attribute that its type has for variants; those that it has.</param>
public sealed record VariantView(
    Guid Id,
    string Sku,
    IReadOnlyList<Money> Prices,
    string Availability,
    IReadOnlyDictionary<string, JsonElement> Attributes
);
