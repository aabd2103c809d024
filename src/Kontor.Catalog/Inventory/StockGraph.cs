using GraphQL.Types;
using Kontor.Catalog.Products;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Inventory;

sealed class StockGraph : ObjectGraphType<StockView>
{
    public StockGraph()
    {
        Name = "Stock";
        Description = "The stock of a variant at a location, as staff see it.";
        Field<NonNullGraphType<StringGraphType>>("sku");
        Field<NonNullGraphType<StringGraphType>>("location").Description("The key of the location.");
        Field<NonNullGraphType<LongGraphType>>("onHand").Description("Pieces that are there.");
        Field<NonNullGraphType<LongGraphType>>("reserved").Description("Pieces held for buyers.");
        Field<NonNullGraphType<LongGraphType>>("incoming").Description("Pieces announced or under way to here.");
        Field<NonNullGraphType<LongGraphType>>("safetyStock").Description("Pieces on hand that are not offered.");
        Field<NonNullGraphType<LongGraphType>>("backorderLimit")
            .Description("Pieces that may be promised before they are there, at any time.");
        Field<NonNullGraphType<LongGraphType>>("owed")
            .Description("Pieces that are promised and neither there nor within a limit.");
        Field<NonNullGraphType<LongGraphType>>("available")
            .Description("Pieces that may be promised now; below nothing where too much is.");
        Field<NonNullGraphType<AvailabilityGraph>>("availability")
            .Description("Of this location alone, were it active.");
        Field<PreorderGraph>("preorder").Description("Pieces that may be promised until a time.");
    }
}

sealed class PreorderGraph : ObjectGraphType<Preorder>
{
    public PreorderGraph()
    {
        Name = "Preorder";
        Description = "Pieces that may be promised before they are there until a time.";
        Field<NonNullGraphType<LongGraphType>>("limit");
        Field<NonNullGraphType<DateTimeOffsetGraphType>>("until");
    }
}

sealed class StockPageGraph() : ConnectionGraph<StockView, StockGraph>("StockConnection", "A page of stock.");
