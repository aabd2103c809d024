using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Channels;

sealed class ChannelGraph : ObjectGraphType<ChannelView>
{
    public ChannelGraph()
    {
        Name = "Channel";
        Description = "Where goods are sold.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<StringGraphType>("currency").Description("What it shows prices in where nobody says otherwise.");
        Field<StringGraphType>("locale").Description("Likewise its language, BCP 47.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its changes from 1.");
    }
}

sealed class ChannelPageGraph()
    : ConnectionGraph<ChannelView, ChannelGraph>("ChannelConnection", "A page of channels.");
