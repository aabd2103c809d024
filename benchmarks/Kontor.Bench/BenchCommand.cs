using System.CommandLine;
using Kontor.Bench.Limits;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Bench.Scenarios;

namespace Kontor.Bench;

/// <summary><c>./bench</c>: measures, prints, and says of each goal whether it was met.</summary>
static class BenchCommand
{
    const double UsualSeconds = 5;
    const int Interrupted = 130;

    static readonly Argument<string[]> Names = new("SCENARIO")
    {
        Description = "What to measure; everything where none is named.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<FileInfo> Json = new("--json") { Description = "Write the results to this file too." };

    static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Length of one measurement.",
        DefaultValueFactory = _ => UsualSeconds,
    };

    static readonly Option<bool> List = new("--list") { Description = "List the scenarios and end." };

    public static RootCommand Make()
    {
        var command = new RootCommand("Measures Kontor beside what this machine can do at most.")
        {
            Names,
            Json,
            Seconds,
            List,
        };
        Seconds.Validators.Add(given =>
        {
            if (given.GetValue(Seconds) is not (>= 0.5 and <= 600))
                given.AddError("--seconds takes 0.5 to 600.");
        });
        Names.AcceptOnlyFromAmong([.. Catalogue.All.Select(scenario => scenario.Name)]);
        command.SetAction(Run);
        return command;
    }

    static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(List))
        {
            foreach (var scenario in Catalogue.All)
                Console.WriteLine($"{scenario.Name, -15} {scenario.About}");
            return 0;
        }
        try
        {
            var results = await Measure(Wanted(parsed.GetValue(Names) ?? []), parsed.GetValue(Seconds), stop);
            Pages.Print(results);
            if (parsed.GetValue(Json) is { } file)
                await Pages.Save(results, file.FullName, stop);
            return results.Broken.Count == 0 ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Workbench.Say("Interrupted.");
            return Interrupted;
        }
    }

    static IReadOnlyList<IScenario> Wanted(string[] names) =>
        [.. Catalogue.All.Where(one => names.Length == 0 || names.Contains(one.Name, StringComparer.Ordinal))];

    static async Task<Results> Measure(IReadOnlyList<IScenario> wanted, double seconds, CancellationToken stop)
    {
        var machine = await Machine.Look(stop);
        var readings = new List<Reading>();
        var (skipped, broken) = (new List<string>(), new List<string>());
        await using var bench = new Workbench(seconds, stop);
        foreach (var scenario in wanted)
            try
            {
                Workbench.Say($"{scenario.Name}: {scenario.About} …");
                readings.AddRange(await scenario.Run(bench, stop));
            }
            catch (NotHereException missing)
            {
                skipped.Add($"{scenario.Name}: {missing.Message}");
            }
            catch (Exception unforeseen) when (!stop.IsCancellationRequested)
            {
                Workbench.Say($"{scenario.Name} broke: {unforeseen}");
                broken.Add($"{scenario.Name}: {unforeseen.Message}");
            }
        return new(TimeProvider.System.GetUtcNow(), await Machine.Commit(stop), machine, seconds, readings)
        {
            Skipped = skipped,
            Broken = broken,
        };
    }
}
