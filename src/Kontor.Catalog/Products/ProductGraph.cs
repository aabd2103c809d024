using GraphQL.Types;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;

namespace Kontor.Catalog.Products;

/// <summary>A product in GraphQL: the members of its REST view, under the same names.</summary>
sealed class ProductGraph : ObjectGraphType<ProductView>
{
    public ProductGraph()
    {
        Name = "Product";
        Description = "A product as everybody may see it.";
        Field<NonNullGraphType<IdGraphType>>("id").Resolve(at => at.Source.Id);
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("type").Description("The key of its product type.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<StringGraphType>>("slug").Description("Its place in addresses, unique.");
        Field<StringGraphType>("description").Resolve(at => at.Source.Description).Description("Plain text.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("categories")
            .Description("Keys of the categories it stands in.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<VariantGraph>>>>("variants")
            .Description("What can be bought, in the owner's order.");
        Field<DateTimeOffsetGraphType>("pricesChangeAt")
            .Resolve(at => at.Source.PricesChangeAt)
            .Description("The next moment at which a price of its variants may be another.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
        Field<NonNullGraphType<LongGraphType>>("typeVersion")
            .Description("The version of its type that its attributes, and those of its variants, are read by.");
        AttributeGraph.Field(this, product => product.Attributes);
        Field<PublicationGraph>("publication")
            .Resolve(at => at.Source.Publication)
            .Description("When and where it is shown; only with view: staff.");
        Field<NonNullGraphType<DateTimeOffsetGraphType>>("createdAt");
        Field<NonNullGraphType<DateTimeOffsetGraphType>>("updatedAt");
    }
}

sealed class PublicationGraph : ObjectGraphType<ProductPublication>
{
    public PublicationGraph()
    {
        Name = "Publication";
        Description = "When and where a product is shown.";
        Field<NonNullGraphType<StringGraphType>>("state").Description("draft, published or archived.");
        Field<DateTimeOffsetGraphType>("from").Resolve(at => at.Source.From);
        Field<DateTimeOffsetGraphType>("until").Resolve(at => at.Source.Until);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("channels")
            .Resolve(at => at.Source.Channels)
            .Description("Keys of the channels in which it is shown; none: everywhere.");
        Field<DateTimeOffsetGraphType>("deletedAt").Resolve(at => at.Source.DeletedAt);
    }
}

sealed class VariantGraph : ObjectGraphType<VariantView>
{
    public VariantGraph()
    {
        Name = "Variant";
        Description = "What can be bought of a product.";
        Field<NonNullGraphType<IdGraphType>>("id").Resolve(at => at.Source.Id);
        Field<NonNullGraphType<StringGraphType>>("sku").Description("Unique among all variants.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<MoneyGraph>>>>("prices")
            .Description("The winner for each currency it is sold in.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<MoneyGraph>>>>("compareAt")
            .Resolve(at => at.Source.CompareAt ?? [])
            .Description("The higher prices that winners are shown against.");
        Field<DateTimeOffsetGraphType>("pricesChangeAt")
            .Resolve(at => at.Source.PricesChangeAt)
            .Description(
                "The next moment at which a price shown here may be another; null where none is set for later."
            );
        Field<NonNullGraphType<AvailabilityGraph>>("availability");
        Bundles.BundleComponentGraph.Field(this, variant => variant.Components);
        AttributeGraph.Field(this, variant => variant.Attributes);
    }
}

sealed class MoneyGraph : ObjectGraphType<Money>
{
    public MoneyGraph()
    {
        Name = "Money";
        Description = "An amount in minor units (cents) of a currency.";
        Field<NonNullGraphType<LongGraphType>>("amount").Description("Minor units: 1999 is 19.99 EUR.");
        Field<NonNullGraphType<StringGraphType>>("currency").Description("An ISO 4217 code.");
    }
}

sealed class AvailabilityGraph : EnumerationGraphType
{
    public AvailabilityGraph()
    {
        Name = "Availability";
        Description = "What a buyer is shown instead of a number of pieces.";
        Add("IN_STOCK", "inStock");
        Add("PREORDER", "preorder", "Not out yet, can be ordered.");
        Add("BACKORDER", "backorder", "Can be ordered, comes later.");
        Add("OUT_OF_STOCK", "outOfStock");
    }
}

sealed class ProductPageGraph : ObjectGraphType<Page<ProductView>>
{
    public ProductPageGraph()
    {
        Name = "ProductConnection";
        Description = "A page of products.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ProductGraph>>>>("nodes").Resolve(at => at.Source.Items);
        Field<NonNullGraphType<PageGraph>>("pageInfo").Resolve(at => new PageEnd(at.Source.Next));
    }
}

/// <param name="EndCursor">Where the next page begins (<c>after</c>); null on the last.</param>
sealed record PageEnd(string? EndCursor);

sealed class PageGraph : ObjectGraphType<PageEnd>
{
    public PageGraph()
    {
        Name = "PageInfo";
        Field<NonNullGraphType<BooleanGraphType>>("hasNextPage").Resolve(at => at.Source.EndCursor is not null);
        Field<StringGraphType>("endCursor").Resolve(at => at.Source.EndCursor).Description("Goes on with after.");
    }
}
