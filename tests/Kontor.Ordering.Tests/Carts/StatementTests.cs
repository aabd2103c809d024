using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kontor.Ordering.Tests.Carts;

/// <summary>How often a request goes to the database; a batch counts once; BEGIN, COMMIT and opening a connection do not.</summary>
public sealed class StatementTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_request_asks_the_database_as_often_for_many_lines_as_for_one()
    {
        var guest = await Guest.Arrives(shop);
        var skus = Enumerable.Range(0, 30).Select(_ => shop.Catalog.Sells(100)).ToList();
        await guest.Add(skus[0], 1);
        var few = await Count(() => guest.Add(skus[1], 1));
        foreach (var sku in skus)
            (await guest.Add(sku, 1)).Is(200);
        await guest.IsAddressed();
        var many = await Count(() => guest.Add(skus[1], 1));

        Assert.Equal((few, 3), (many, many));
        Assert.Equal(4, await Count(() => guest.Add(skus[1], 1, "keyed")) - 1);
        Assert.Equal(1, await Count(guest.Look));
        // The cart is read once more than for a line: whether it has its key yet is looked up before the transaction.
        Assert.Equal(4, await Count(() => guest.IsAddressed()));
        var total = (await guest.Look())
            .Data.GetProperty("totals")
            .GetProperty("total")
            .GetProperty("amount")
            .GetInt64();

        // Read the cart; claim, hold, write, append; move and append after the reservation; number, move, close the cart, append, fix.
        var checkout = await Count(() => guest.Pays("tok_approve", total));
        Assert.Equal(10, checkout);
    }

    static async Task<int> Count(Func<Task<Answer>> ask)
    {
        using var trace = new Activity("count").SetIdFormat(ActivityIdFormat.W3C).Start();
        var seen = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (
                    activity.Source.Name == "Npgsql"
                    && activity.TraceId == trace.TraceId
                    && activity.Kind == ActivityKind.Client
                    && activity.GetTagItem("db.query.text") is not "commit"
                    && !activity.OperationName.StartsWith("CONNECT ", StringComparison.Ordinal)
                )
                    seen.Enqueue(activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var answer = await ask();
        Assert.InRange(answer.Status, 200, 202);
        return seen.Count;
    }
}
