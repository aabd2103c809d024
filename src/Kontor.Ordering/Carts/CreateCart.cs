using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Contracts.Ordering;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Carts;

/// <summary>Opens an empty cart and says, once, the token that reaches it.</summary>
static class CreateCart
{
    /// <param name="Currency">In which it is paid, ISO 4217.</param>
    /// <param name="Country">Where the goods will go, ISO 3166-1; decides upon prices, and its address says it anew.</param>
    /// <param name="Channel">The key of the channel that it is opened in; decides upon prices.</param>
    public sealed record Request(
        [property: Currency] string Currency,
        [property: Country] string? Country = null,
        [property: RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")] string? Channel = null
    );

    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapPost("/", Handle)
            .WithName("createCart")
            .WithSummary("Opens a cart")
            .OpenToAll("A guest begins to shop.")
            .Answers(StatusCodes.Status201Created);

    static Task<Reply<CartView>> Handle(
        Request wanted,
        HttpContext http,
        OrderingDatabase database,
        TimeProvider clock,
        CancellationToken stop
    ) =>
        http.Write(
            database,
            async work =>
            {
                var token = CartToken.New();
                var cart = new Cart(
                    CartId.New(clock),
                    CartToken.Hash(token),
                    wanted.Currency,
                    wanted.Country,
                    Version: 1,
                    Contact: null,
                    Attempt: null,
                    IsOrdered: false,
                    IsErased: false,
                    Lines: [],
                    wanted.Channel
                );
                await work.Command(
                        """
                        insert into carts (id, token_hash, currency, country, created_at, changed_at, channel)
                        values ($1, $2, $3, $4, $5, $5, $6)
                        """,
                        cart.Id.Value,
                        cart.TokenHash,
                        cart.Currency,
                        cart.Country,
                        clock.GetUtcNow(),
                        cart.Channel
                    )
                    .Run(stop);
                work.Happened(cart.Stream, new CartCreated(cart.Id.Value, cart.Currency, cart.Country, cart.Channel));
                return Reply<CartView>.Of(
                    CartView.Of(cart, null, new(new Dictionary<string, Offer>(StringComparer.Ordinal)), token),
                    StatusCodes.Status201Created,
                    cart.Version,
                    $"/api/v1/carts/{cart.Id}"
                );
            },
            stop
        );
}
