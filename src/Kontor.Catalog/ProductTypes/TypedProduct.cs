using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.ProductTypes;

/// <summary>A product's attributes and those of its variants, in their order.</summary>
sealed record Attributes(
    IReadOnlyDictionary<string, JsonElement> OfProduct,
    IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> OfVariants
)
{
    public static readonly IReadOnlyDictionary<string, JsonElement> None = new Dictionary<string, JsonElement>(
        StringComparer.Ordinal
    );

    /// <summary>These, as they are stored under a definition.</summary>
    public Attributes Under(TypeDefinition type, Faults faults) =>
        new(
            type.Read(AttributeLevel.Product, OfProduct, "attributes", faults),
            [.. OfVariants.Select((v, i) => type.Read(AttributeLevel.Variant, v, $"variants[{i}].attributes", faults))]
        );
}

/// <summary>What is written of a product's attributes: as its type is now and, while the type migrates, as it will be.</summary>
/// <param name="Type">The definition that <paramref name="Now"/> is read by.</param>
/// <param name="Next">Null where the type does not migrate.</param>
/// <param name="NextType">The definition that <paramref name="Next"/> is read by.</param>
sealed record TypedProduct(TypeDefinition Type, Attributes Now, TypeDefinition? NextType, Attributes? Next)
{
    public static TypedProduct Untyped(int variants) =>
        new(
            TypeDefinition.Default,
            new(Attributes.None, [.. Enumerable.Repeat(Attributes.None, variants)]),
            null,
            null
        );

    public string Json => JsonOf(Now.OfProduct);

    public string? NextJson => Next is null ? null : JsonOf(Next.OfProduct);

    public string VariantJson(int i) => JsonOf(Now.OfVariants[i]);

    public string? VariantNextJson(int i) => Next is null ? null : JsonOf(Next.OfVariants[i]);

    public static string JsonOf(IReadOnlyDictionary<string, JsonElement> attributes) =>
        attributes.Count == 0 ? "{}" : JsonSerializer.Serialize(attributes, KontorJson.Options);
}
