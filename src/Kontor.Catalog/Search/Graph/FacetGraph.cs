using GraphQL.Types;
using Kontor.Catalog.Search.Asked;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Search.Graph;

sealed class FacetGraph : ObjectGraphType<FacetView>
{
    public FacetGraph()
    {
        Name = "SearchFacet";
        Description = "What was counted of a field: products, each once for a value.";
        Field<NonNullGraphType<StringGraphType>>("field").Description("As it was asked for.");
        Field<StringGraphType>("title").Resolve(at => at.Source.Title).Description("What people call it.");
        Field<ListGraphType<NonNullGraphType<FacetValueGraph>>>("values")
            .Resolve(at => at.Source.Values)
            .Description("The 100 most frequent, the most frequent first; null for numbers.")
            .CountedAs(20);
        Field<ListGraphType<NonNullGraphType<FacetRangeGraph>>>("ranges")
            .Resolve(at => at.Source.Ranges)
            .Description("As they were asked for; null for words.")
            .CountedAs(20);
        Field<FloatGraphType>("least")
            .Resolve(at => at.Source.Least)
            .Description("Of intervals: the least number met.");
        Field<FloatGraphType>("greatest").Resolve(at => at.Source.Greatest);
    }
}

sealed class FacetValueGraph : ObjectGraphType<FacetValueView>
{
    public FacetValueGraph()
    {
        Name = "SearchFacetValue";
        Description = "A value and how many products have it.";
        Field<NonNullGraphType<StringGraphType>>("value");
        Field<StringGraphType>("title").Resolve(at => at.Source.Title).Description("Of categories and types.");
        Field<NonNullGraphType<IntGraphType>>("products");
    }
}

sealed class FacetRangeGraph : ObjectGraphType<FacetRangeView>
{
    public FacetRangeGraph()
    {
        Name = "SearchFacetRange";
        Description = "A range and how many products have a number in it.";
        Field<FloatGraphType>("from").Resolve(at => at.Source.From);
        Field<FloatGraphType>("to").Resolve(at => at.Source.To);
        Field<NonNullGraphType<BooleanGraphType>>("includesTo").Resolve(at => at.Source.IncludesTo == true);
        Field<NonNullGraphType<IntGraphType>>("products");
    }
}
