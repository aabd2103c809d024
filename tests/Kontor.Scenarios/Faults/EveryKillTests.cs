namespace Kontor.Scenarios.Faults;

/// <summary>Every point of every journey, in one process.</summary>
[Trait("Kind", "long")]
public sealed class EveryKillTests
{
    public static TheoryData<bool, string> Journeys() =>
        [
            .. from insists in (bool[])[true, false]
            from journey in Journey.All
            select new TheoryDataRow<bool, string>(insists, journey.Name),
        ];

    [Theory]
    [MemberData(nameof(Journeys))]
    public Task A_process_that_is_killed_anywhere_leaves_nothing_half_done(bool insists, string name) =>
        Killing.Everywhere(Processes.One, insists, name);
}

/// <summary>Likewise in three: a class of its own, so that both run at once.</summary>
[Trait("Kind", "long")]
public sealed class EveryKillOfThreeTests
{
    [Theory]
    [MemberData(nameof(EveryKillTests.Journeys), MemberType = typeof(EveryKillTests))]
    public Task Nor_does_one_of_three(bool insists, string name) => Killing.Everywhere(Processes.Three, insists, name);
}
