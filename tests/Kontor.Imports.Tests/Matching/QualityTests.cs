using Kontor.Imports.Matching;

namespace Kontor.Imports.Tests.Matching;

/// <summary>What the matcher is worth, on pairs that people judged. Its weights were tuned on the other half.</summary>
public sealed class QualityTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("abt-buy", 0.85)]
    [InlineData("walmart-amazon", 0.70)]
    public void On_pairs_that_were_not_used_for_tuning_it_is_as_good_as_promised(string name, double floor)
    {
        var folder = Environment.GetEnvironmentVariable("KONTOR_DATA");
        var judged = folder is null ? null : JudgedPairs.Read(folder, name);
        Assert.SkipWhen(
            judged is null,
            $"{name} is another's data and not shipped; KONTOR_DATA names a folder that has it."
        );

        var matches = new Matcher(MatchingRules.Usual).Match(judged.Articles, TestContext.Current.CancellationToken);

        foreach (var tuning in new[] { true, false })
        {
            var figures = judged.Judge(matches, tuning);
            output.WriteLine(
                $"{name} {(tuning ? "tuning" : "held out")}: {figures} precision {figures.Precision:0.000} recall {figures.Recall:0.000} "
                    + $"F1 {figures.F1:0.000} automatic {figures.AutomaticPrecision:0.000}, where decided {figures.DecidedPrecision:0.000}"
            );
        }
        var heldOut = judged.Judge(matches, tuning: false);
        Assert.InRange(heldOut.F1, floor, 1);
        Assert.InRange(heldOut.DecidedPrecision, 0.97, 1);
        Assert.InRange(heldOut.Automatic, 50, int.MaxValue);
    }
}
