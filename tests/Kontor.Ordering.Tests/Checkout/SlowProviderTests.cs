using System.Text.Json;

namespace Kontor.Ordering.Tests.Checkout;

/// <summary>The money is taken, and the answer does not come in time.</summary>
public sealed class SlowProviderTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("tok_timeout")]
    [InlineData("tok_late")]
    public async Task A_slow_provider_is_waited_for_elsewhere(string token)
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        await shop.Sandbox.Follow(new { callbacks = new { delayMs = 600_000 } });

        var answer = (await guest.Pays(token, 200, "slow")).Is(202);
        await shop.Sandbox.Follow(new { });

        Assert.Equal($"/api/v1/orders/{Text(answer, "id")}", answer.Raw.Headers.Location?.ToString());
        Assert.Equal("submitted", Text(answer, "status"));
        await guest.OrderIs("placed", answer);
        Assert.Equal(1, await AuthorisationsOf(answer));
        var repeated = (await guest.Pays(token, 200, "slow")).Is(202);
        Assert.Equal(answer.Text, repeated.Text);
    }

    [Theory]
    [InlineData("tok_timeout")]
    [InlineData("tok_late")]
    public async Task A_callback_makes_up_for_an_answer_that_does_not_come(string token)
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        await shop.Sandbox.Follow(new { callbacks = new { copies = 50, delayMs = 0 } });

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => guest.Pays(token, 200, "slow")));

        await shop.Sandbox.Follow(new { });
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        await guest.OrderIs("placed", answers[0]);
        Assert.Equal(1, await AuthorisationsOf(answers[0]));
        Assert.Equal(98, shop.Catalog.Left(sku));
        Assert.Equal(5, (await EventsOf(guest, answers[0])).Count());
    }

    async Task<int> AuthorisationsOf(Answer answer)
    {
        await Books.Agree(shop);
        return (await shop.Sandbox.Books()).Count(booked =>
            booked.Key == $"order-{Text(answer, "id")}" && booked.State == "authorised"
        );
    }

    static async Task<IEnumerable<string?>> EventsOf(Guest guest, Answer answer) =>
        (await guest.Caller.Get($"/api/v1/orders/{Text(answer, "id")}/events"))
            .Is(200)
            .Data.EnumerateArray()
            .Select(e => e.GetProperty("type").GetString());

    static string Text(Answer answer, string name) =>
        answer.Data.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "";
}
