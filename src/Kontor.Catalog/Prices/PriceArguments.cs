using System.Security.Claims;
using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using Kontor.Catalog.Texts;
using Kontor.Platform.Graph;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Prices;

/// <summary>The context of prices as arguments of GraphQL fields, by the names of the REST parameters.</summary>
static class PriceArguments
{
    public static FieldBuilder<TSource, TReturn> PricesFor<TSource, TReturn>(
        this FieldBuilder<TSource, TReturn> field
    ) =>
        field
            .Argument<StringGraphType>("currency", "Only prices in this ISO 4217 currency.")
            .Argument<StringGraphType>("country", "Where the goods go, ISO 3166-1.")
            .Argument<StringGraphType>("channel", "The key of a channel.")
            .Argument<StringGraphType>("customerGroup", "The key of a customer group; needs the scope catalog:read.")
            .Argument<NonNullGraphType<IntGraphType>>(
                "quantity",
                "Pieces to be bought, which decide upon tier prices.",
                quantity => quantity.DefaultValue = 1
            )
            .Argument<DateTimeOffsetGraphType>(
                "at",
                "The moment whose prices are wanted; left out: now. Needs the scope catalog:read."
            )
            .Argument<StringGraphType>(
                "view",
                "staff: also what is not published, deleted or of other channels. Needs the scope catalog:read."
            )
            .Argument<StringGraphType>(
                "locale",
                "Texts in this language, such as de-AT, else in a wider one, de, else in the shop's own."
            );

    public static PriceContext Prices(this IResolveFieldContext at) =>
        new PriceQuery(
            at.GetArgument<string?>("currency"),
            at.GetArgument<string?>("country"),
            at.GetArgument<string?>("channel"),
            at.GetArgument<string?>("customerGroup"),
            at.GetArgument<int>("quantity"),
            at.GetArgument<DateTimeOffset?>("at"),
            at.GetArgument<string?>("view")
        )
            .Read(
                at.User ?? new ClaimsPrincipal(),
                new(at.RequestServices!.GetRequiredService<Languages>(), at.GetArgument<string?>("locale"))
            )
            .OrError();
}
