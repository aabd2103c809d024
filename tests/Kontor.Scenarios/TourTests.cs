using System.Diagnostics;

namespace Kontor.Scenarios;

/// <summary>The README's tour, as a newcomer walks it.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task The_tour_of_the_readme_runs_from_start_to_end()
    {
        await using var kontor = await Machinery.Start();

        var script = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (
            var argument in (string[])[Path.Combine(Machinery.Root, "samples", "tour.sh"), kontor.Url, kontor.Folder]
        )
            script.ArgumentList.Add(argument);
        script.Environment["KONTOR"] = Machinery.Script();
        var (code, output) = await RunningKontor.Finish(script);

        Assert.True(code == 0, output);
        Assert.Contains("and the stream told it in order", output);
        var (verified, report) = await kontor.Command("verify");
        Assert.True(verified == 0, report);
    }
}
