using System.Diagnostics;
using System.Text.Json;

namespace Kontor.Scenarios;

/// <summary>The benchmarks measure; what they measure is never asserted, since figures are the machine's affair.</summary>
public sealed class BenchTests
{
    static string Program =>
        RunningKontor
            .Program.Replace("Kontor.Host", "Kontor.Bench", StringComparison.Ordinal)
            .Replace("kontor.dll", "Kontor.Bench.dll", StringComparison.Ordinal);

    [Fact]
    [Trait("Kind", "slow")]
    public async Task A_short_run_measures_a_scenario_beside_its_limits_and_leaves_nothing_behind()
    {
        await Machinery.SkipUnlessThere();
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not built.");
        var own = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(own, (UnixFileMode)0b111_101_101);
        var file = Path.Combine(own, "results.json");
        var start = new ProcessStartInfo("dotnet", [Program, "product", "--seconds", "1", "--json", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["TMPDIR"] = own;

        var (code, said) = await RunningKontor.Finish(start);

        Assert.True(code == 0, said);
        using var results = JsonDocument.Parse(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)
        );
        var readings = results.RootElement.GetProperty("readings").EnumerateArray().ToList();
        // From memory, and past it.
        Assert.Equal(2, readings.Count);
        foreach (var reading in readings)
        {
            Assert.Equal("product", reading.GetProperty("scenario").GetString());
            AssertMeasured(reading.GetProperty("figures"));
            Assert.NotEqual(0, reading.GetProperty("limits").GetArrayLength());
            foreach (var limit in reading.GetProperty("limits").EnumerateArray())
                AssertMeasured(limit.GetProperty("figures"));
            foreach (var ratio in reading.GetProperty("ratios").EnumerateArray())
                Assert.True(ratio.GetDouble() > 0, $"{ratio}");
        }
        Assert.Empty(Directory.GetFileSystemEntries(own, "kontor-*"));
        Directory.Delete(own, recursive: true);
    }

    static void AssertMeasured(JsonElement figures)
    {
        foreach (var name in (string[])["value", "p50Ms", "p95Ms", "p99Ms", "count"])
            Assert.True(figures.GetProperty(name).GetDouble() > 0, $"{name}: {figures}");
    }
}
