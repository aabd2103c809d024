namespace Kontor.Shape.Compatibility;

public sealed class GraphQLComparisonTests
{
    const string Released = """
        type Query implements Node {
          product(slug: String!, currency: String): Product
          products(first: Int = 20, filter: Filter): [Product!]!
        }
        interface Node { id: ID }
        type Product { id: ID! title: String kind: Kind }
        type Category { id: ID! }
        union Thing = Product | Category
        enum Kind { GOODS SERVICE }
        input Filter { category: String, kind: Kind! }
        scalar Time
        """;

    [Theory]
    [InlineData("type Category { id: ID! }", "", "Category: is gone")]
    [InlineData("scalar Time", "enum Time { NOW }", "Time: is another kind")]
    [InlineData("title: String ", "", "Product.title: is gone")]
    [InlineData("title: String", "title: Int", "Product.title: was String and is Int")]
    [InlineData("id: ID! title", "id: ID title", "Product.id: was ID! and is ID")]
    [InlineData(": [Product!]!", ": [Product]!", "Query.products: was [Product!]! and is [Product]!")]
    [InlineData(", currency: String)", ")", "Query.product(currency): is gone")]
    [InlineData("currency: String)", "currency: Int)", "Query.product(currency): was String and is Int")]
    [InlineData("currency: String)", "currency: String!)", "Query.product(currency): was String and is String!")]
    [InlineData("currency: String)", "currency: String, channel: ID!)", "Query.product(channel): is required now")]
    [InlineData("GOODS SERVICE", "GOODS", "Kind.SERVICE: is gone")]
    [InlineData("category: String, ", "", "Filter(category): is gone")]
    [InlineData("kind: Kind! }", "kind: Kind!, brand: ID! }", "Filter(brand): is required now")]
    [InlineData("Product | Category", "Product", "Thing.Category: is gone")]
    [InlineData(" implements Node", "", "Query.Node: is gone")]
    [InlineData("interface Node { id: ID }", "interface Node { key: ID }", "Node.id: is gone")]
    public void A_break_is_found(string before, string now, string said)
    {
        Assert.Contains(before, Released, StringComparison.Ordinal);

        Assert.Contains(
            GraphQLComparison.Breaks(Released, Released.Replace(before, now, StringComparison.Ordinal)),
            found => found.Contains(said, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("title: String", "title: String!")]
    [InlineData("slug: String!", "slug: String")]
    [InlineData("currency: String)", "currency: String, channel: ID)")]
    [InlineData("currency: String)", "currency: String, channel: ID! = \"web\")")]
    [InlineData("GOODS SERVICE", "GOODS SERVICE TICKET")]
    [InlineData("scalar Time", "scalar Time scalar Day")]
    public void What_breaks_no_query_passes(string before, string now)
    {
        Assert.Contains(before, Released, StringComparison.Ordinal);

        Assert.Equal([], GraphQLComparison.Breaks(Released, Released.Replace(before, now, StringComparison.Ordinal)));
    }
}
