using Kontor.Catalog.Stock;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>A reservation belongs to whoever made it.</summary>
public sealed class OwnerTests(Shop shop) : IClassFixture<Shop>
{
    static readonly DateTimeOffset LongAgo = DateTimeOffset.UnixEpoch.AddYears(50);

    Caller Maker => shop.Client("desk-a");

    /// <summary>Called like the checkout, which makes it nobody else.</summary>
    Caller Other => shop.Client(ReservationOwner.Checkout);

    [Fact]
    public async Task Only_the_client_that_made_it_repeats_sells_and_releases_it()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());
        (await Maker.Put(Path(id), Lines((sku, 2)))).Is(200);

        await IsRefused(id, sku);
        Assert.Equal((ReservationState.Held, 2), (await shop.State(id), await shop.Reserved(sku)));
        (await Maker.Put(Path(id), Lines((sku, 2)))).Is(200);
        (await Maker.Post($"{Path(id)}/commit", new { })).Is(200);
        await IsRefused(id, sku);
        Assert.Equal((ReservationState.Committed, 2), (await shop.State(id), await shop.Reserved(sku)));
        (await Maker.Delete(Path(id))).Is(200);
        await IsRefused(id, sku);

        Assert.Equal((ReservationState.Released, 0), (await shop.State(id), await shop.Reserved(sku)));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task What_a_checkout_holds_while_it_is_paid_is_given_back_by_no_client()
    {
        var (sku, id) = (await shop.Stocked(1), NewId());
        await shop.Reserve(id, (sku, 1));

        await IsRefused(id, sku);
        (await Other.Put(Path(NewId()), Lines((sku, 1)))).Refused(409, "STOCK_SHORT");

        Assert.Equal((ReservationState.Held, 1), (await shop.State(id), await shop.Reserved(sku)));
        Assert.True((await shop.Reserve(id, (sku, 1))).Held);
        await shop.Catalog.Release(id, default);
        Assert.Equal((ReservationState.Released, 0), (await shop.State(id), await shop.Reserved(sku)));
    }

    [Fact]
    public async Task An_unknown_id_is_released_for_who_asked()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());
        (await Maker.Delete(Path(id))).Is(200);

        await IsRefused(id, sku);
        (await Maker.Put(Path(id), Lines((sku, 1)))).Refused(409, "RESERVATION_ENDED");
        (await Maker.Delete(Path(id))).Is(200);

        Assert.Equal((ReservationState.Released, 0), (await shop.State(id), await shop.Reserved(sku)));
    }

    [Fact]
    public async Task The_checkout_neither_takes_nor_releases_what_a_client_made()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());
        (await Maker.Put(Path(id), Lines((sku, 2)))).Is(200);

        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Reserve(id, (sku, 2)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Catalog.Release(id, default));

        Assert.Equal((ReservationState.Held, 2), (await shop.State(id), await shop.Reserved(sku)));
    }

    [Fact]
    public async Task Of_two_who_come_together_one_owns_it()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());
        string[] owners = ["client:a", "client:b"];

        var settled = await StockBatch.Settle(
            shop.Database,
            [.. owners.Select(owner => Wish.Of(Wanted(id, (sku, 1)), owner)), new Wish.Release(id, owners[1])],
            1000,
            TimeProvider.System
        );

        Assert.Equal([false, true, true], settled!.Select(outcome => outcome.NotYours));
        Assert.Equal((ReservationState.Held, 1), (await shop.State(id), await shop.Reserved(sku)));
    }

    [Fact]
    public async Task Time_ends_any()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());
        var wish = Wish.Of(Wanted(id, (sku, 2)) with { ExpiresAt = LongAgo }, "client:a");
        await StockBatch.Settle(shop.Database, [wish], 1000, TimeProvider.System);

        await shop.Desk.Ask(new Wish.Expire(id), default);

        Assert.Equal((ReservationState.Expired, 0), (await shop.State(id), await shop.Reserved(sku)));
    }

    /// <summary>Everybody with the scope may look; nothing else is for who did not make it.</summary>
    async Task IsRefused(Guid id, string sku)
    {
        (await Other.Get(Path(id))).Is(200);
        (await Other.Put(Path(id), Lines((sku, 1)))).Refused(409, "RESERVATION_NOT_YOURS");
        (await Other.Post($"{Path(id)}/commit", new { })).Refused(409, "RESERVATION_NOT_YOURS");
        (await Other.Delete(Path(id))).Refused(409, "RESERVATION_NOT_YOURS");
    }
}
