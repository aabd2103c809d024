namespace Kontor.Scenarios.Faults;

/// <summary>Guests buy in every way while processes and the provider die and misbehave by a schedule drawn from a seed.</summary>
/// <remarks>
/// The seed repeats who buys what with which card, what is armed where and at which pass, and what the provider does at
/// which call. Who comes first at a point is the system's affair, so the same seed does not repeat every interleaving.
/// </remarks>
[Collection("faults")]
public sealed class ScheduleTests
{
    const int AtOnce = 6;
    const long Scarce = 8;

    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public Task After_a_bad_hour_everything_adds_up(Processes processes) =>
        Run(processes, Seed.Or(20261123), guests: 12, kills: 3, sandboxKills: 1);

    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "long")]
    public async Task And_after_a_bad_day(Processes processes)
    {
        for (var day = 0; day < 4; day++)
            await Run(processes, Seed.Or(4711) + day, guests: 60, kills: 15, sandboxKills: 4);
    }

    static async Task Run(Processes processes, int seed, int guests, int kills, int sandboxKills)
    {
        try
        {
            var plan = Plan.Draw(seed, guests, kills);
            await using var rehearsal = await Rehearsal.Open(
                processes,
                ("Checkout__AwaitPayment", "00:00:10"),
                ("Checkout__StandStill", "00:00:01")
            );
            await rehearsal.Shop.Sandbox.Schedule(plan.Sandbox);
            var plenty = (await rehearsal.Scene(insists: true, stock: 100_000)).Sku;
            var scarce = (await rehearsal.Scene(insists: true, Scarce)).Sku;
            var scenes = plan
                .Guests.Select(guest =>
                    (Guest: guest, Scene: new Scene(rehearsal, guest.IsScarce ? scarce : plenty, guest.Insists))
                )
                .ToList();
            var done = new Count();
            var buying = Buy(scenes, done);
            await Task.WhenAll(buying, Kill(rehearsal, plan, done), KillSandbox(rehearsal, plan, sandboxKills, done));

            rehearsal.Disarm();
            foreach (var (guest, scene) in scenes)
                await scene.Rests(guest.IsScarce);
            await Reckoning.Agrees(rehearsal);
            await rehearsal.Shop.Verify();
            Assert.True(rehearsal.Deaths > 0, "Nothing of the schedule happened.");
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException($"{failed.Message} ({Seed.Again(seed)})", failed);
        }
    }

    static async Task Buy(IReadOnlyList<(Guest Guest, Scene Scene)> scenes, Count done)
    {
        try
        {
            await Parallel.ForEachAsync(
                scenes,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (scene, _) =>
                {
                    await scene.Guest.Buy(scene.Scene);
                    done.Add();
                }
            );
        }
        finally
        {
            done.Close();
        }
    }

    /// <summary>Each list of faults is armed until one of them has killed, or some guests have come through unharmed.</summary>
    static async Task Kill(Rehearsal rehearsal, Plan plan, Count done)
    {
        foreach (var kill in plan.Kills)
        {
            var (deaths, goal) = (rehearsal.Deaths, done.Value + Math.Max(1, plan.Guests.Count / plan.Kills.Count));
            if (done.IsClosed)
                return;
            await rehearsal.Arm(kill);
            await rehearsal.Until(
                () => rehearsal.Deaths > deaths || done.Value >= goal || done.IsClosed,
                $"something dies at {kill}, or guests come through"
            );
        }
    }

    /// <summary>Its books survive; how it is to behave does not.</summary>
    static async Task KillSandbox(Rehearsal rehearsal, Plan plan, int times, Count done)
    {
        for (var i = 1; i <= times; i++)
        {
            var goal = i * plan.Guests.Count / (times + 1);
            await rehearsal.Until(() => done.Value >= goal || done.IsClosed, "guests come through");
            await rehearsal.Shop.Sandbox.Kill();
            await rehearsal.Shop.Sandbox.Restart();
            await rehearsal.Shop.Sandbox.Schedule(plan.Sandbox);
        }
    }

    /// <summary>How many guests have come through, and whether all have, or one never will.</summary>
    sealed class Count
    {
        int value;
        bool isClosed;

        public int Value => Volatile.Read(ref value);

        public bool IsClosed => Volatile.Read(ref isClosed);

        public void Add() => Interlocked.Increment(ref value);

        public void Close() => Volatile.Write(ref isClosed, true);
    }
}
