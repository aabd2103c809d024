using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.PriceLists;

sealed class PriceListGraph : ObjectGraphType<PriceListView>
{
    public PriceListGraph()
    {
        Name = "PriceList";
        Description = "Prices that stand and go together.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<IntGraphType>>("priority").Description("The list with the lowest number stands first.");
        Field<StringGraphType>("channel").Description("Only in this channel.");
        Field<StringGraphType>("customerGroup").Description("Only for this customer group.");
        Field<DateTimeOffsetGraphType>("validFrom").Description("Its first moment; null: it is valid already.");
        Field<DateTimeOffsetGraphType>("validUntil").Description("The first moment at which it is over; null: never.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
    }
}

sealed class PriceListPageGraph()
    : ConnectionGraph<PriceListView, PriceListGraph>("PriceListConnection", "A page of price lists.");
