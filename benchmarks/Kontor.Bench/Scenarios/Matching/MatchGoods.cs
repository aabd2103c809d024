using System.Diagnostics;
using System.Globalization;
using Kontor.Bench.Limits;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Imports.Matching;
using Kontor.Imports.Tests.Matching;

namespace Kontor.Bench.Scenarios.Matching;

/// <summary>How well the same article is recognised in two shops' feeds, on pairs that people judged, and how fast.</summary>
sealed class MatchGoods : IScenario
{
    public string Name => "matching";

    public string About => "precision, recall and F1 on judged pairs of two shops, by half, and articles per second";

    public Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var folder = Environment.GetEnvironmentVariable("KONTOR_DATA") ?? "";
        var readings = new List<Reading>();
        foreach (var (name, floor) in new[] { ("abt-buy", 0.85), ("walmart-amazon", 0.70) })
        {
            var judged =
                JudgedPairs.Read(folder, name)
                ?? throw new NotHereException(
                    $"the set {name} is not there; KONTOR_DATA names the folder of real feeds"
                );
            var started = Stopwatch.GetTimestamp();
            var matches = new Matcher(MatchingRules.Usual).Match(judged.Articles, stop);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            readings.Add(
                new(
                    Name,
                    $"{name}, all",
                    new(judged.Articles.Count / seconds, "articles/s", Count: judged.Articles.Count)
                )
            );
            readings.Add(Half(judged, matches, "tuning", tuning: true));
            var heldOut = Half(judged, matches, "held out", tuning: false);
            readings.Add(heldOut with { Goals = [Goal.AtLeast("F1", heldOut.Figures.Value, floor)] });
        }
        return Task.FromResult<IReadOnlyList<Reading>>(readings);
    }

    Reading Half(JudgedPairs judged, IReadOnlyList<Match> matches, string half, bool tuning)
    {
        var figures = judged.Judge(matches, tuning);
        return new(Name, $"{judged.Name}, {half}", new(figures.F1, "F1", Count: figures.Judged))
        {
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"precision {figures.Precision:0.000}, recall {figures.Recall:0.000}; {figures.Automatic} automatic, precision {figures.AutomaticPrecision:0.000}, {figures.DecidedPrecision:0.000} of those that the judged pairs decide"
                ),
            ],
        };
    }
}
