using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Categories;

sealed class CategoryGraph : ObjectGraphType<CategoryView>
{
    public CategoryGraph()
    {
        Name = "Category";
        Description = "A category as everybody may see it.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<StringGraphType>("parent").Description("The key of its parent; null at the top.");
        Field<CategoryGraph>("parentCategory")
            .Resolve(at => ListCategories.Load(at, at.Source.Parent, at.Source.Chain))
            .Description("Its parent; null at the top.");
        Field<NonNullGraphType<IntGraphType>>("position").Description("Its place among its siblings, lowest first.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
    }
}

sealed class CategoryPageGraph()
    : ConnectionGraph<CategoryView, CategoryGraph>("CategoryConnection", "A page of categories.");

sealed class CategoryNodeGraph : ObjectGraphType<CategoryNode>
{
    public CategoryNodeGraph()
    {
        Name = "CategoryNode";
        Description = "A category with what stands in it.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<IntGraphType>>("products")
            .Description("Products that are shown and stand in it itself.");
        // A tree has at most 5,000 nodes in all: what is below does not multiply what is counted for the whole.
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<CategoryNodeGraph>>>>("children")
            .Description("The categories below it, in their order.")
            .CountedAs(2);
    }
}
