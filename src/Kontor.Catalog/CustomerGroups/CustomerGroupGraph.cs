using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.CustomerGroups;

sealed class CustomerGroupGraph : ObjectGraphType<CustomerGroupView>
{
    public CustomerGroupGraph()
    {
        Name = "CustomerGroup";
        Description = "Buyers who have prices of their own.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
    }
}

sealed class CustomerGroupPageGraph()
    : ConnectionGraph<CustomerGroupView, CustomerGroupGraph>("CustomerGroupConnection", "A page of customer groups.");
