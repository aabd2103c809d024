using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Checkout;

/// <summary>Finds the attempts that stand still, in one process of all that serve, and has them driven on there: those
/// whose driver died or gave up, and those whose buyer never paid.</summary>
/// <remarks>
/// What it takes is due again later, the later the longer it has stood, so that attempts which cannot move do not keep
/// it from those which can. It only says who is to be driven: two drivers of one attempt do no harm.
/// </remarks>
sealed partial class Takeover(
    OrderingDatabase database,
    Backroom backroom,
    CheckoutLimits limits,
    TimeProvider clock,
    ILogger<Takeover> log
) : BackgroundService
{
    const int Batch = 100;
    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Leadership(database.Source, "checkout", log).Run(Watch, stoppingToken);

    async Task Watch(CancellationToken stop)
    {
        while (true)
        {
            if (await TryTake(stop) < Batch)
                await Task.Delay(limits.Look, clock, stop);
        }
    }

    async Task<int> TryTake(CancellationToken stop)
    {
        try
        {
            return await Take(stop);
        }
        catch (Exception away) when (!stop.IsCancellationRequested && Goods.IsAway(away))
        {
            LogAway(away.Message);
            return 0;
        }
    }

    /// <summary>Hands what is due to the drivers of this process; answers how many that were.</summary>
    internal async Task<int> Take(CancellationToken stop)
    {
        await using var take = database
            .Source.CreateCommand(
                """
                update orders set due_at = case when status in ('submitted', 'awaiting_payment')
                    then $1 + least($4, greatest($3, ($1 - coalesce(moved_at, $1)) / 4)) end
                where id in (
                    select id from orders where due_at <= $1 order by due_at limit $2 for update skip locked
                )
                returning id, due_at is not null
                """
            )
            .With(clock.GetUtcNow(), Batch, limits.StandStill, LongestRest);
        List<OrderId> standing = [];
        var seen = 0;
        await using (var row = await take.ExecuteReaderAsync(stop))
            while (await row.ReadAsync(stop))
            {
                seen++;
                if (row.GetBoolean(1))
                    standing.Add(new(row.GetGuid(0)));
            }
        if (standing.Count > 0)
            FaultPoint.Pass("checkout.takeover.taken");
        foreach (var order in standing)
            backroom.Take(order, hasStood: true);
        if (standing.Count > 0)
            LogTaken(standing.Count, standing[0]);
        return seen;
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} attempts stood still and are taken over, {Order} the first")]
    partial void LogTaken(int count, OrderId order);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "The database does not answer the takeover; it asks again in a moment: {Reason}"
    )]
    partial void LogAway(string reason);
}
