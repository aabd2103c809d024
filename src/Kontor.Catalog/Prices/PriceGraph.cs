using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Prices;

sealed class PriceGraph : ObjectGraphType<PriceView>
{
    public PriceGraph()
    {
        Name = "Price";
        Description = "A price as staff see it.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("sku");
        Field<NonNullGraphType<MoneyGraph>>("price");
        Field<MoneyGraph>("compareAt").Description("The higher price that it is shown against.");
        Field<StringGraphType>("country").Description("Only for goods that go there.");
        Field<StringGraphType>("channel").Description("Only in this channel.");
        Field<StringGraphType>("customerGroup").Description("Only for this customer group.");
        Field<StringGraphType>("priceList").Description("The list that it is in.");
        Field<NonNullGraphType<IntGraphType>>("minQuantity").Description("For so many pieces or more.");
        Field<DateTimeOffsetGraphType>("validFrom").Description("Its first moment; null: it is valid already.");
        Field<DateTimeOffsetGraphType>("validUntil").Description("The first moment at which it is over; null: never.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
    }
}

sealed class PricePageGraph() : ConnectionGraph<PriceView, PriceGraph>("PriceConnection", "A page of prices.");

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
