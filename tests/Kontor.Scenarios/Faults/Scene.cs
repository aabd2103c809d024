namespace Kontor.Scenarios.Faults;

/// <summary>Some buyers of one thing, while something may die; afterwards everything must agree.</summary>
/// <param name="insists">Whether buyers repeat their checkouts; else the takeover alone drives on what stands.</param>
sealed class Scene(Rehearsal rehearsal, string sku, bool insists)
{
    /// <summary>Of every thing, in minor units.</summary>
    public const long Price = 1_000;

    readonly List<Purchase> purchases = [];
    readonly HashSet<string> erased = new(StringComparer.Ordinal);

    public string Sku => sku;

    RunningShop Shop => rehearsal.Shop;

    public Task<Buyer> Enter(int quantity) => Buyer.Enter(Shop, sku, quantity, insists: true);

    /// <summary>Pays, and waits until the attempt is settled or waits for the buyer.</summary>
    public async Task<Purchase> Pay(Buyer buyer, int quantity, string token)
    {
        var purchase = new Purchase(buyer, token, quantity * Price);
        lock (purchases)
            purchases.Add(purchase);
        await purchase.Begin(insists);
        await Moved(purchase);
        await purchase.Ask(); // An attempt that died before it was begun begins now.
        await Moved(purchase);
        return purchase;
    }

    /// <summary>Waits until the shop has taken the callback about the challenge itself.</summary>
    public async Task HearsOfChallenge(Buyer buyer)
    {
        var waiting = (await rehearsal.Orders(buyer.Cart)).Single(order => !order.IsSettled);
        await Eventually.Holds(
            async () => (await Shop.Sandbox.Books())[waiting.PaymentKey].Changes[0].Delivery == "taken",
            "the shop is told of the challenge"
        );
    }

    /// <summary>Has the buyer pass or fail the challenge of the order that waits for it, at the provider.</summary>
    public async Task Answer(Buyer buyer, bool confirms)
    {
        var waiting = (await rehearsal.Orders(buyer.Cart)).Single(order => !order.IsSettled);
        await Shop.Sandbox.Answer(waiting.PaymentKey, confirms);
        await Settles(buyer);
    }

    /// <summary>The same, where it may be too late or the provider away.</summary>
    public async Task TryAnswer(Buyer buyer, bool confirms)
    {
        var waiting = (await rehearsal.Orders(buyer.Cart)).FirstOrDefault(order => order.Status == "awaiting_payment");
        if (waiting is not null)
            await Shop.Sandbox.TryAnswer(waiting.PaymentKey, confirms);
    }

    public Task Settles(Buyer buyer) =>
        Eventually.Holds(
            async () => (await rehearsal.Orders(buyer.Cart)).All(order => order.IsSettled),
            $"the attempts of cart {buyer.Cart} are settled"
        );

    /// <summary>Whether the cart has no order and none on its way.</summary>
    public async Task<bool> IsOpen(Buyer buyer) =>
        (await rehearsal.Orders(buyer.Cart)).All(order => order.Status == "rejected");

    /// <summary>Erases the guest; afterwards nobody is told who they were.</summary>
    public async Task Erase(Buyer buyer)
    {
        var key = ("Idempotency-Key", Buyer.NewKey());
        var answer = await Buyer.Insisting(() =>
            buyer.Send(HttpMethod.Delete, $"/api/v1/carts/{buyer.Cart}/person", null, key)
        );
        Assert.True(answer.Status == 200, answer.Text);
        lock (erased)
            erased.Add(buyer.Cart);
    }

    /// <summary>An order desk holds pieces for a moment and leaves.</summary>
    public async Task HoldForAMoment(int quantity)
    {
        var id = new Guid(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var staff = ("Authorization", $"Bearer {await Shop.Token()}");
        var answer = await Buyer.Insisting(() =>
            Shop.Send(
                HttpMethod.Put,
                $"/api/v1/reservations/{id}",
                new
                {
                    lines = new[] { new { sku, quantity } },
                    expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(2),
                },
                staff
            )
        );
        Assert.True(answer.Status is 200 or 409, answer.Text); // 409: its time came before the repeat did.
        await Eventually.Holds(
            async () => (await rehearsal.Reservations()).GetValueOrDefault(id) == "expired",
            "the desk's reservation expires"
        );
    }

    /// <summary>Everything is settled, every answer stands, and the statuses of this scene's orders are these.</summary>
    public async Task Ends(params string[] statuses)
    {
        var orders = await Rests();
        Assert.True(
            statuses.SequenceEqual(orders.Select(order => order.Status), StringComparer.Ordinal),
            $"Wanted {string.Join(", ", statuses)}: {string.Join("; ", orders)}; answered {string.Join("; ", purchases.Select(purchase => purchase.Final))}"
        );
        await Reckoning.Agrees(rehearsal);
    }

    /// <summary>Everything is settled and every answer stands; the orders.</summary>
    /// <param name="isScarce">Pieces come and go: who was refused before anything was begun may be luckier later.</param>
    public async Task<IReadOnlyList<StandingOrder>> Rests(bool isScarce = false)
    {
        await rehearsal.Running();
        var orders = new List<StandingOrder>();
        foreach (var cart in purchases.GroupBy(purchase => purchase.Buyer.Cart))
        {
            var buyer = cart.First().Buyer;
            await Settles(buyer);
            foreach (var purchase in cart)
                await (erased.Contains(cart.Key) ? purchase.IsErased() : purchase.HoldsItsAnswer(isScarce));
            await Settles(buyer);
            var ofCart = await rehearsal.Orders(cart.Key);
            orders.AddRange(ofCart);
            if (erased.Contains(cart.Key))
                await IsForgotten(buyer, ofCart);
        }
        return orders;
    }

    async Task IsForgotten(Buyer buyer, IReadOnlyList<StandingOrder> orders)
    {
        foreach (var order in orders)
        {
            var shown = await Buyer.Insisting(() => buyer.Get($"/api/v1/orders/{order.Id}"));
            Assert.Equal(200, shown.Status);
            Assert.DoesNotContain("ada@example.com", shown.Text, StringComparison.Ordinal);
        }
    }

    Task Moved(Purchase purchase) =>
        Eventually.Holds(
            async () =>
            {
                if (insists)
                    await purchase.Ask();
                return (await rehearsal.Orders(purchase.Buyer.Cart)).All(order => order.Status != "submitted");
            },
            $"no attempt of cart {purchase.Buyer.Cart} is on its way"
        );
}
