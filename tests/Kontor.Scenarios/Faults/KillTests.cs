using System.Text.RegularExpressions;

namespace Kontor.Scenarios.Faults;

/// <summary>The process is killed at every point of every journey, under three buyers with one key.</summary>
[Collection("faults")]
public sealed partial class KillTests
{
    const int Chosen = 6;
    const int Walks = 5;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static TheoryData<Processes, bool, string> Journeys() =>
        [
            .. from processes in Enum.GetValues<Processes>()
            from insists in (bool[])[true, false]
            from journey in Journey.All
            select new TheoryDataRow<Processes, bool, string>(processes, insists, journey.Name),
        ];

    [Fact]
    public void Every_point_in_the_source_is_on_a_journey()
    {
        var inSource = Directory
            .EnumerateFiles(Path.Combine(Machinery.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Points().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["point"].Value)
            .Distinct(StringComparer.Ordinal);
        var onJourneys = Journey
            .All.SelectMany(journey => journey.Points)
            .Concat(MigrationKillTests.Points)
            .Select(point => point.Split('@')[0])
            .Distinct(StringComparer.Ordinal);

        Assert.Equal(inSource.Order(StringComparer.Ordinal), onJourneys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public async Task A_process_that_is_killed_at_a_drawn_point_leaves_nothing_half_done(Processes processes)
    {
        var seed = Seed.Or(20261123);
        var random = new Random(seed + (int)processes);
        await using var rehearsal = await Open(processes, Soon, TimeSpan.FromHours(1));
        // These two wait for long; Kind=long has them.
        var pairs = Journey
            .All.Where(journey => journey != Journey.NeverAnswered && journey != Journey.Timeout)
            .SelectMany(journey => journey.Points.Select(point => (journey, point)))
            .ToArray();
        random.Shuffle(pairs);

        foreach (var (journey, point) in pairs.Take(Chosen))
            await Kill(rehearsal, journey, point, insists: random.Next(2) == 0, Seed.Again(seed));

        await rehearsal.Shop.Verify();
    }

    [Theory]
    [MemberData(nameof(Journeys))]
    [Trait("Kind", "long")]
    public async Task Nor_does_one_that_is_killed_anywhere(Processes processes, bool insists, string name)
    {
        var journey = Journey.All.Single(journey => journey.Name == name);
        // Where buyers repeat, they and the provider's callbacks must do: no takeover comes. Only who never pays needs it.
        var standStill = insists && journey != Journey.NeverAnswered ? TimeSpan.FromHours(1) : Soon;
        await using var rehearsal = await Open(processes, standStill, journey.AwaitPayment);

        foreach (var point in journey.Points)
            await Kill(rehearsal, journey, point, insists, "");

        await rehearsal.Shop.Verify();
    }

    static Task<Rehearsal> Open(Processes processes, TimeSpan standStill, TimeSpan awaitPayment) =>
        Rehearsal.Open(
            processes,
            ("Checkout__AwaitPayment", awaitPayment.ToString()),
            ("Checkout__StandStill", standStill.ToString())
        );

    /// <summary>Walks until the point has killed: one that lies behind a race is not passed by every walk.</summary>
    static async Task Kill(Rehearsal rehearsal, Journey journey, string point, bool insists, string again)
    {
        try
        {
            var deaths = rehearsal.Deaths;
            var fault = point.Split('@') is [var name, var pass] ? $"{name}=kill@{pass}" : $"{point}=kill";
            for (var walk = 1; rehearsal.Deaths == deaths; walk++)
            {
                Assert.True(walk <= Walks, $"Of {Walks} walks none passed it.");
                var scene = await rehearsal.Scene(insists);
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

    [GeneratedRegex("""FaultPoint\.Pass\("(?<point>[^"]+)"\)""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Points();
}
