using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Schedules;
using Kontor.Catalog.Tests.Imports.Runs;
using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Tests.Imports.Schedules;

/// <summary>What a schedule may be, when it comes, and what is told of it.</summary>
public sealed class ScheduleRuleTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("* * * *", "UTC", "cron")]
    [InlineData("0 0 30 2 *", "UTC", "cron")]
    [InlineData("0 3 1 1 *", "Middle/Earth", "timeZone")]
    public async Task A_time_that_never_comes_is_refused(string cron, string zone, string path) =>
        (
            await shop.Importer()
                .Post(
                    ScheduleTests.Path,
                    ScheduleTests.Body("acme", "https://example.org/feed", null, cron, zone: zone)
                )
        ).Refused(400, "VALIDATION_FAILED", path);

    [Theory]
    [InlineData("http://example.org/feed", null, "source.address")]
    [InlineData(null, null, "source")]
    [InlineData("https://example.org/feed", "feed.csv", "source")]
    public async Task A_source_is_one_and_is_safe_by_its_form(string? address, string? file, string path) =>
        (await shop.Importer().Post(ScheduleTests.Path, ScheduleTests.Body("acme", address, file))).Refused(
            400,
            "VALIDATION_FAILED",
            path
        );

    /// <summary>In Berlin 02:30 is left out once a year, and 02:30 comes once where it is there twice.</summary>
    [Theory]
    [InlineData("2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z")]
    [InlineData("2027-10-31T00:00:00Z", "2027-10-31T00:30:00Z")]
    [InlineData("2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z")]
    public void Summer_time_neither_loses_a_day_nor_doubles_it(string after, string next) =>
        Assert.Equal(
            DateTimeOffset.Parse(next),
            ImportSchedule.Next("30 2 * * *", "Europe/Berlin", DateTimeOffset.Parse(after))
        );

    [Theory]
    [InlineData(5, 5, 0, 50, null)]
    [InlineData(6, 4, 0, 50, "FEED_UNUSUAL")]
    [InlineData(0, 4, 6, 50, "FEED_UNUSUAL")]
    [InlineData(1, 99, 0, 0, "FEED_UNUSUAL")]
    [InlineData(0, 0, 0, 0, null)]
    public void Much_change_is_told(long changed, long unchanged, long withdrawn, int above, string? code)
    {
        var terms = new ImportTerms("acme");
        var run = Kontor.Catalog.Imports.Doors.CreateImport.New(terms, "{}", true, "tester", TimeProvider.System) with
        {
            State = ImportState.Done,
            Counts = new(Loaded: new(Created: 100, changed, unchanged, withdrawn)),
        };

        Assert.Equal(code, ScheduleRounds.Verdict(run, above)?.Code);
    }
}
