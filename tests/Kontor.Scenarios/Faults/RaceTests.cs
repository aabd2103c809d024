namespace Kontor.Scenarios.Faults;

/// <summary>More buyers than pieces, over HTTP.</summary>
[Collection("faults")]
public sealed class RaceTests
{
    const int Buyers = 200;
    const int Pieces = 100;
    const int EnterAtOnce = 16;

    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public async Task Of_two_hundred_buyers_of_a_hundred_pieces_a_hundred_get_one(Processes processes)
    {
        await using var rehearsal = await Rehearsal.Open(processes);
        var sku = (await rehearsal.Scene(insists: true, Pieces)).Sku;
        var buyers = new Buyer[Buyers];
        await Parallel.ForAsync(
            0,
            Buyers,
            new ParallelOptions { MaxDegreeOfParallelism = EnterAtOnce },
            async (i, _) => buyers[i] = await Buyer.Enter(rehearsal.Shop, sku, 1, insists: true)
        );

        var answers = await Task.WhenAll(
            buyers.Select(buyer => Buyer.Insisting(() => buyer.Pay("tok_approve", Scene.Price)))
        );

        await Reckoning.Agrees(rehearsal);
        var orders = await rehearsal.Orders();
        Assert.Equal(Pieces, orders.Count(order => order.Status == "placed"));
        Assert.All(
            answers,
            answer =>
                Assert.True(answer is { Status: 201 or 202 } or { Status: 409, Code: "OUT_OF_STOCK" }, $"{answer}")
        );
        // 202 is no refusal: such a buyer was told to wait, and what came of it stands in the orders.
        Assert.True(answers.Count(answer => answer.Status == 201) <= Pieces);
        Assert.True(answers.Count(answer => answer.Status == 409) <= Buyers - Pieces);
        var books = await rehearsal.Shop.Sandbox.Books();
        Assert.Equal(Pieces, books.Values.Count(booking => booking.State == "authorised"));
        await rehearsal.Shop.Verify();
    }
}
