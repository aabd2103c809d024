namespace Kontor.Scenarios.Faults;

/// <summary>Callbacks that come fifty times at once, overtake each other, or come before their order is written.</summary>
[Collection("faults")]
public sealed class CallbackTests
{
    static readonly object FiftyInAnyOrder = new
    {
        callbacks = new
        {
            copies = 50,
            delayMs = 0,
            spreadMs = 1_500,
        },
    };
    static readonly object FiftyAtOnce = new { callbacks = new { copies = 50, delayMs = 0 } };

    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public async Task Callbacks_that_come_fifty_times_in_any_order_change_nothing_twice(Processes processes)
    {
        await using var rehearsal = await Rehearsal.Open(processes);
        await rehearsal.Shop.Sandbox.Schedule(FiftyInAnyOrder);
        var scene = await rehearsal.Scene(insists: true);

        // The callback about the challenge and the one about its answer are under way at the same time.
        var buyers = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async i =>
                {
                    var buyer = await scene.Enter(2);
                    await scene.Pay(buyer, 2, "tok_challenge");
                    await scene.Answer(buyer, confirms: i % 2 == 0);
                    return buyer;
                })
        );

        var orders = await scene.Rests();
        Assert.Equal(buyers.Length, orders.Count);
        Assert.Equal(buyers.Length / 2, orders.Count(order => order.Status == "placed"));
        await Reckoning.Agrees(rehearsal);
        await rehearsal.Shop.Verify();
    }

    [Theory]
    [InlineData(Processes.One, "checkout.authorise.after", "tok_challenge")]
    [InlineData(Processes.One, "checkout.record.before-commit@2", "tok_challenge")]
    [InlineData(Processes.One, "checkout.record.before-commit@2", "tok_approve")]
    [InlineData(Processes.Three, "checkout.authorise.after", "tok_challenge")]
    [InlineData(Processes.Three, "checkout.record.before-commit@2", "tok_challenge")]
    [InlineData(Processes.Three, "checkout.record.before-commit@2", "tok_approve")]
    [Trait("Kind", "slow")]
    public async Task Callbacks_that_come_before_the_order_is_written_find_it_later(
        Processes processes,
        string point,
        string card
    )
    {
        await using var rehearsal = await Rehearsal.Open(processes);
        await rehearsal.Shop.Sandbox.Schedule(FiftyAtOnce);
        var scene = await rehearsal.Scene(insists: true);
        var buyer = await scene.Enter(2);
        await rehearsal.Arm(
            point.Split('@') is [var name, var pass] ? $"{name}=pause:2000@{pass}" : $"{point}=pause:2000"
        );

        var paying = scene.Pay(buyer, 2, card);
        await Eventually.Holds(
            async () => (await rehearsal.Shop.Sandbox.Books()).Count == 1,
            "the money is asked for, and what came of it is not yet written"
        );
        var booked = (await rehearsal.Shop.Sandbox.Books()).Values.Single();
        if (card == "tok_challenge")
            await rehearsal.Shop.Sandbox.Answer(booked.Key, confirms: true);
        await paying;
        await scene.Settles(buyer);

        await scene.Ends("placed");
        Assert.Equal(0, rehearsal.Deaths);
        await rehearsal.Shop.Verify();
    }
}
