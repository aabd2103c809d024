using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Ordering.Carts;

/// <summary>What a feature decided: the cart after it, and the event; no event where nothing changes.</summary>
sealed record CartChange(Cart Next, object? Happened);

/// <summary>Finds carts for their holders, and changes them.</summary>
sealed class CartDesk(OrderingDatabase database, Goods goods, KeyRing keys)
{
    const int Attempts = 8;

    /// <summary>Never answered: says that another writer moved the cart on while we decided.</summary>
    static readonly Rejection Lost = Refusals.Busy.Because("The cart was changed at the same moment.");

    /// <summary>The cart, to whoever may reach it. To others it does not exist.</summary>
    public async Task<Result<Cart>> Find(HttpContext http, CartId id, string scope, CancellationToken stop) =>
        await CartTable.Find(database.Source, id, stop) is { } cart && http.MayReach(cart.TokenHash, scope)
            ? cart
            : Rejections.CartNotFound;

    public Task<Shelf> Shelf(Cart cart, CancellationToken stop) => goods.Ask(cart.Question, stop);

    public CartView View(Cart cart, Shelf shelf) => CartView.Of(cart, Contact.Of(cart, keys), shelf);

    /// <summary>Decides upon a cart and writes by compare-and-set on its version; the loser of a race reads again.</summary>
    /// <remarks>The cart is read and Catalog asked before the transaction begins, so that none waits for another
    /// service. <paramref name="write"/> says whether the cart still had the version decided upon.</remarks>
    public async Task<Reply<CartView>> Change(
        HttpContext http,
        CartId id,
        Func<Cart, OfferQuestion> ask,
        Func<Cart, Shelf, Result<CartChange>> decide,
        Func<Work, Cart, CartChange, Task<bool>> write,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: false).Is(out var expected, out var rejection))
            return rejection;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (!(await Find(http, id, Scopes.OrderingWrite, stop)).Is(out var cart, out var missing))
                return missing;
            var shelf = await goods.Ask(ask(cart), stop);
            var reply = await http.Write<CartView>(
                database,
                async work =>
                {
                    if (expected is { } version && version != cart.Version)
                        return Refusals.PreconditionFailed;
                    if (cart.Attempt is not null)
                        return Rejections.CartAlreadyOrdered;
                    if (!decide(cart, shelf).Is(out var change, out var refused))
                        return refused;
                    return await Apply(work, cart, change, write, stop)
                        ? await Answer(work, change, shelf, stop)
                        : Lost;
                },
                stop
            );
            if (!ReferenceEquals(reply.Rejection, Lost))
                return reply;
        }
        return Refusals.Busy;
    }

    static async Task<bool> Apply(
        Work work,
        Cart cart,
        CartChange change,
        Func<Work, Cart, CartChange, Task<bool>> write,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        if (change.Happened is null)
            return true;
        if (!await write(work, cart, change))
            return false;
        work.Happened(cart.Stream, change.Happened);
        return true;
    }

    async Task<Reply<CartView>> Answer(Work work, CartChange change, Shelf shelf, CancellationToken stop)
    {
        work.Person = change.Next.Person;
        var reply = Reply<CartView>.Of(View(change.Next, shelf), version: change.Next.Version);
        if (change.Happened is null)
            reply.Position = (await work.Standing(change.Next.Stream, stop)).ToString();
        return reply;
    }
}
