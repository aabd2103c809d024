using System.Text.Json;
using GraphQL;
using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Products;

/// <summary>An attribute's value in GraphQL.</summary>
/// <remarks>A field for each attribute would read best, and cannot be: types change while the schema stands, and two types
/// may have one key for two kinds. A list of key and value can be asked for by key under an alias, and is found where
/// other shops have it; the value is JSON, in the form that REST has it in, so that no kind loses anything.</remarks>
sealed class AttributeGraph : ObjectGraphType<KeyValuePair<string, JsonElement>>
{
    public AttributeGraph()
    {
        Name = "Attribute";
        Description = "The value of an attribute that the product's type declares.";
        Field<NonNullGraphType<StringGraphType>>("key").Resolve(at => at.Source.Key);
        Field<NonNullGraphType<JsonGraph>>("value").Resolve(at => at.Source.Value);
    }

    /// <summary>Those that are texts by language, in the one chosen for each.</summary>
    public static void Localised<T>(ObjectGraphType<T> owner, Func<T, IReadOnlyDictionary<string, JsonElement>?> of) =>
        owner
            .Field<ListGraphType<NonNullGraphType<AttributeGraph>>>("localised")
            .Description(
                "Attributes that are texts by language: text and locale of the one chosen; only where a locale was asked for."
            )
            .Resolve(at => of(at.Source)?.ToList());

    public static void Field<T>(ObjectGraphType<T> owner, Func<T, IReadOnlyDictionary<string, JsonElement>> of) =>
        owner
            .Field<NonNullGraphType<ListGraphType<NonNullGraphType<AttributeGraph>>>>("attributes")
            .Description("Values by attribute, in the order of their keys; those that there are.")
            .Argument<ListGraphType<NonNullGraphType<StringGraphType>>>("keys", "Only these.")
            .Resolve(at =>
            {
                var keys = at.GetArgument<List<string>?>("keys");
                return of(at.Source)
                    .Where(value => keys is null || keys.Contains(value.Key, StringComparer.Ordinal))
                    .OrderBy(value => value.Key, StringComparer.Ordinal)
                    .ToList();
            })
            .CountedAs(5);
}
