namespace Kontor.Scenarios.Faults;

/// <summary>A process that is killed at one point of one journey, and what must be so afterwards.</summary>
static class Killing
{
    const int Walks = 5;

    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Kills at every point of a journey.</summary>
    /// <param name="insists">Buyers repeat until they are answered; else nobody does, and the takeover alone must end it.</param>
    public static async Task Everywhere(Processes processes, bool insists, string name)
    {
        var journey = Journey.All.Single(journey => journey.Name == name);
        // Where buyers repeat, they and the provider's callbacks must do: no takeover comes. Only who never pays needs it.
        var standStill = insists && journey != Journey.NeverAnswered ? TimeSpan.FromHours(1) : Soon;
        await using var rehearsal = await Open(processes, standStill, journey.AwaitPayment);

        foreach (var point in journey.Points)
            await At(rehearsal, journey, point, insists, "");

        await rehearsal.Shop.Verify();
    }

    public static Task<Rehearsal> Open(Processes processes, TimeSpan standStill, TimeSpan awaitPayment) =>
        Rehearsal.Open(
            processes,
            ("Checkout__AwaitPayment", awaitPayment.ToString()),
            ("Checkout__StandStill", standStill.ToString())
        );

    /// <summary>Walks until the point has killed: one that lies behind a race is not passed by every walk.</summary>
    public static async Task At(Rehearsal rehearsal, Journey journey, string point, bool insists, string again)
    {
        try
        {
            var deaths = rehearsal.Deaths;
            var fault = point.Split('@') is [var name, var pass] ? $"{name}=kill@{pass}" : $"{point}=kill";
            for (var walk = 1; rehearsal.Deaths == deaths; walk++)
            {
                Assert.True(walk <= Walks, $"Of {Walks} walks none passed it.");
                var scene = await rehearsal.Scene(insists);
                if (rehearsal.Deaths != deaths)
                    break; // The walk before passed it at its very end.
                await rehearsal.Arm(fault);
                await journey.Walk(scene);
                await scene.Ends(journey.Ends);
                rehearsal.Disarm();
            }
            Assert.Equal(deaths + 1, rehearsal.Deaths);
        }
        catch (Exception failed)
        {
            var how = insists ? "with repeats" : "by the takeover alone";
            throw new InvalidOperationException(
                $"{journey}, killed at {point}, {how}: {failed.Message} {again}",
                failed
            );
        }
    }
}
