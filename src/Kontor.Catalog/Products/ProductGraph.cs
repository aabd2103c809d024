using GraphQL.Types;
using Kontor.Catalog.Media;
using Kontor.Catalog.Options;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Products;

/// <summary>A product in GraphQL: the members of its REST view, under the same names.</summary>
sealed class ProductGraph : ObjectGraphType<ProductView>
{
    public ProductGraph(IEnumerable<FieldsOf<ProductView>> others)
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
            .Description("What can be bought, in the owner's order: the first 100, in a list of products the first 20.")
            .CountedAs(Extent.Listed.Variants!.Value);
        Field<NonNullGraphType<IntGraphType>>("variantCount")
            .Description("How many variants it has, shown here or not.");
        Field<StringGraphType>("variantsNext")
            .Resolve(at => at.Source.VariantsNext)
            .Description("Where variants goes on: the after of allVariants; null where it shows all.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<MediaGraph>>>>("media")
            .Description("Its pictures, in order, the first one stands for it; in a list of products the first 5.")
            .CountedAs(Extent.Listed.Media!.Value);
        Field<NonNullGraphType<IntGraphType>>("mediaCount").Description("How many pictures it has, shown here or not.");
        Field<DateTimeOffsetGraphType>("pricesChangeAt")
            .Resolve(at => at.Source.PricesChangeAt)
            .Description("The next moment at which a price of its variants may be another.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
        Field<NonNullGraphType<LongGraphType>>("typeVersion")
            .Description("The version of its type that its attributes, and those of its variants, are read by.");
        AttributeGraph.Field(this, product => product.Attributes);
        AddTexts();
        OptionGraph.Field(this, product => product.Options);
        RelatedGraph.Field(this);
        Field<PublicationGraph>("publication")
            .Resolve(at => at.Source.Publication)
            .Description("When and where it is shown; only with view: staff.");
        Field<NonNullGraphType<DateTimeOffsetGraphType>>("createdAt");
        Field<NonNullGraphType<DateTimeOffsetGraphType>>("updatedAt");
        foreach (var noun in others)
            noun.AddTo(this);
    }

    void AddTexts()
    {
        Field<StringGraphType>("body").Resolve(at => at.Source.Body).Description("Rich text: safe HTML.");
        Field<SeoGraph>("seo").Resolve(at => at.Source.Seo).Description("What search engines are told.");
        AttributeGraph.Localised(this, product => product.Localised);
        Field<ListGraphType<NonNullGraphType<TextLocaleGraph>>>("locales")
            .Resolve(at => at.Source.Locales?.ToList())
            .Description("The language of each text; only where a locale was asked for.");
        Field<ListGraphType<NonNullGraphType<CategoryTitleGraph>>>("categoryTitles")
            .Resolve(at => at.Source.CategoryTitles?.ToList())
            .Description("The titles of its categories; only where a locale was asked for.");
        Field<ListGraphType<NonNullGraphType<TranslationGraph>>>("translations")
            .Resolve(at => at.Source.Translations?.ToList())
            .Description("Its texts in other languages; only with view: staff.");
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
    public VariantGraph(IEnumerable<FieldsOf<VariantView>> others)
    {
        Name = "Variant";
        Description = "What can be bought of a product.";
        Field<NonNullGraphType<IdGraphType>>("id").Resolve(at => at.Source.Id);
        Field<NonNullGraphType<StringGraphType>>("sku").Description("Unique among all variants.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<MoneyGraph>>>>("prices")
            .Description("The winner for each currency it is sold in.")
            .CountedAs(2);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<MoneyGraph>>>>("compareAt")
            .Resolve(at => at.Source.CompareAt ?? [])
            .Description("The higher prices that winners are shown against.")
            .CountedAs(2);
        Field<DateTimeOffsetGraphType>("pricesChangeAt")
            .Resolve(at => at.Source.PricesChangeAt)
            .Description(
                "The next moment at which a price shown here may be another; null where none is set for later."
            );
        Field<NonNullGraphType<AvailabilityGraph>>("availability");
        Bundles.BundleComponentGraph.Field(this, variant => variant.Components);
        AttributeGraph.Field(this, variant => variant.Attributes);
        AttributeGraph.Localised(this, variant => variant.Localised);
        OptionGraph.Field(this, variant => variant.Options);
        foreach (var noun in others)
            noun.AddTo(this);
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

sealed class ProductPageGraph()
    : ConnectionGraph<ProductView, ProductGraph>("ProductConnection", "A page of products.");
