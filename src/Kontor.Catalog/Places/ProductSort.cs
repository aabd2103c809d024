using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Places;

/// <summary>The orders that lists of products have.</summary>
static class ProductSort
{
    public const string Age = "age";
    public const string Position = "position";

    /// <summary>Why a list cannot be in this order; null where it can.</summary>
    public static Rejection? Refusal(string sort, string? category) =>
        (sort, category) switch
        {
            (Position, null) => Refusals.ValidationFailed.At("sort", "A position is one in a category: name it."),
            (Age or Position, _) => null,
            _ => Refusals.ValidationFailed.At("sort", $"{Age} or {Position}."),
        };
}

sealed class ProductSortGraph : EnumerationGraphType
{
    public ProductSortGraph()
    {
        Name = "ProductSort";
        Description = "The order of a list of products.";
        Add("AGE", ProductSort.Age, "Oldest first.");
        Add("POSITION", ProductSort.Position, "In the category's order: those that have a place in it first.");
    }
}
