using GraphQL.Types;

namespace Kontor.Catalog.Texts;

sealed class SeoGraph : ObjectGraphType<Seo>
{
    public SeoGraph()
    {
        Name = "Seo";
        Description = "What search engines are told of a product.";
        Field<StringGraphType>("title").Resolve(at => at.Source.Title).Description("The page's title.");
        Field<StringGraphType>("description")
            .Resolve(at => at.Source.Description)
            .Description("What is shown below it.");
    }
}

sealed class TranslationGraph : ObjectGraphType<KeyValuePair<string, Translation>>
{
    public TranslationGraph()
    {
        Name = "Translation";
        Description = "A product's texts in another language; those that it has.";
        Field<NonNullGraphType<StringGraphType>>("locale").Resolve(at => at.Source.Key).Description("BCP 47.");
        Field<StringGraphType>("title").Resolve(at => at.Source.Value.Title);
        Field<StringGraphType>("description").Resolve(at => at.Source.Value.Description);
        Field<StringGraphType>("body").Resolve(at => at.Source.Value.Body);
        Field<SeoGraph>("seo").Resolve(at => at.Source.Value.Seo);
    }
}

sealed class TextLocaleGraph : ObjectGraphType<KeyValuePair<string, string>>
{
    public TextLocaleGraph()
    {
        Name = "TextLocale";
        Description = "The language that a text is in.";
        Field<NonNullGraphType<StringGraphType>>("path")
            .Resolve(at => at.Source.Key)
            .Description("Which text: title, seo.title.");
        Field<NonNullGraphType<StringGraphType>>("locale").Resolve(at => at.Source.Value).Description("BCP 47.");
    }
}

sealed class CategoryTitleGraph : ObjectGraphType<KeyValuePair<string, LocalisedText>>
{
    public CategoryTitleGraph()
    {
        Name = "CategoryTitle";
        Description = "The title of a category, and the language that it is in.";
        Field<NonNullGraphType<StringGraphType>>("key").Resolve(at => at.Source.Key).Description("The category's key.");
        Field<NonNullGraphType<StringGraphType>>("text").Resolve(at => at.Source.Value.Text);
        Field<NonNullGraphType<StringGraphType>>("locale").Resolve(at => at.Source.Value.Locale).Description("BCP 47.");
    }
}
