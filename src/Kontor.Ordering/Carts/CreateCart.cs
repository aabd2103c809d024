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
    public sealed record Request([property: Currency] string Currency, [property: Country] string? Country = null);

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
                    Lines: []
                );
                await work.Command(
                        """
                        insert into carts (id, token_hash, currency, country, created_at, changed_at)
                        values ($1, $2, $3, $4, $5, $5)
                        """,
                        cart.Id.Value,
                        cart.TokenHash,
                        cart.Currency,
                        cart.Country,
                        clock.GetUtcNow()
                    )
                    .Run(stop);
                work.Happened(cart.Stream, new CartCreated(cart.Id.Value, cart.Currency, cart.Country));
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
