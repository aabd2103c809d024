using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Locations;

sealed class LocationGraph : ObjectGraphType<LocationView>
{
    public LocationGraph()
    {
        Name = "Location";
        Description = "A place where goods are.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<IntGraphType>>("priority").Description("Lower is asked first when stock is reserved.");
        Field<NonNullGraphType<BooleanGraphType>>("active").Description("Whether its stock is offered.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
    }
}

sealed class LocationPageGraph()
    : ConnectionGraph<LocationView, LocationGraph>("LocationConnection", "A page of locations.");
