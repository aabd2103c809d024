using System.Text.RegularExpressions;

namespace Kontor.Scenarios.Faults;

/// <summary>The process is killed at every point of every journey, under three buyers with one key.</summary>
[Collection("faults")]
public sealed partial class KillTests
{
    const int Chosen = 6;

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
        await using var rehearsal = await Killing.Open(processes, Killing.Soon, TimeSpan.FromHours(1));
        // These two wait for long; Kind=long has them.
        var pairs = Journey
            .All.Where(journey => journey != Journey.NeverAnswered && journey != Journey.Timeout)
            .SelectMany(journey => journey.Points.Select(point => (journey, point)))
            .ToArray();
        random.Shuffle(pairs);

        foreach (var (journey, point) in pairs.Take(Chosen))
            await Killing.At(rehearsal, journey, point, insists: random.Next(2) == 0, Seed.Again(seed));

        await rehearsal.Shop.Verify();
    }

    [GeneratedRegex("""FaultPoint\.Pass\("(?<point>[^"]+)"\)""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Points();
}
