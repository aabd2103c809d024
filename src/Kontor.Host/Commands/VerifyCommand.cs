using System.CommandLine;
using System.Text.Json;
using Kontor.Host.Checks;
using Kontor.Journal;
using Kontor.Platform.Data;

namespace Kontor.Host.Commands;

/// <summary><c>kontor verify</c>: holds live data to the invariants; exit code 1 when one is broken.</summary>
static class VerifyCommand
{
    public static Command Make()
    {
        var command = new Command(
            "verify",
            "Checks the journal, stock and orders; exit code 1 when something is wrong."
        )
        {
            Shared.Data,
            Shared.Json,
        };
        command.SetAction(Run);
        return command;
    }

    static Task<int> Run(ParseResult parsed, CancellationToken stop) =>
        Shared.WithStanding(
            parsed,
            async (services, _) =>
            {
                var report = await Ask(services, stop);
                Say(report, parsed.GetValue(Shared.Json));
                return report.Findings.Count == 0 ? 0 : 1;
            },
            stop
        );

    static async Task<Report> Ask(IServiceProvider services, CancellationToken stop)
    {
        var checks = new List<Asked>();
        var findings = new List<Finding>();
        foreach (var database in services.GetServices<ServiceDatabase>())
        {
            var journal = await database.Journal.Check(stop);
            checks.Add(new(database.Name, "JOURNAL_IS_DENSE", journal.Count));
            findings.AddRange(
                journal.Select(found => new Finding(database.Name, $"JOURNAL_{Rule(found)}", found.What))
            );
            foreach (var invariant in database.Invariants)
                Note(database.Name, invariant.Rule, await invariant.Check(database.Source, stop));
        }
        foreach (var check in services.GetServices<ICheck>())
            Note(check.Service, check.Rule, await Run(check, stop));
        return new(checks, [.. services.GetServices<Unasked>()], findings);

        void Note(string service, string rule, IReadOnlyList<string> broken)
        {
            checks.Add(new(service, rule, broken.Count));
            findings.AddRange(broken.Select(what => new Finding(service, rule, what)));
        }
    }

    /// <summary>A check that cannot be made, upon books that somebody broke, is a finding: it hides none of the others.</summary>
    static async Task<IReadOnlyList<string>> Run(ICheck check, CancellationToken stop)
    {
        try
        {
            return await check.Run(stop);
        }
        catch (Exception broken)
            when (broken
                    is InvalidDataException
                        or JsonException
                        or InvalidOperationException
                        or ArgumentException
                        or IOException
                        or UnauthorizedAccessException
                        or HttpRequestException
            )
        {
            return [$"could not be checked: {broken.Message}"];
        }
    }

    static string Rule(JournalFinding found) => found.Rule.ToUpperInvariant();

    static void Say(Report report, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, Kernel.KontorJson.Options));
            return;
        }
        foreach (var check in report.Checks)
            Console.WriteLine($"{(check.Findings == 0 ? "ok     " : "BROKEN ")}{check.Service, -9} {check.Rule}");
        foreach (var left in report.Unasked)
            Console.WriteLine($"not asked        {left.Rule}: {left.Why}");
        foreach (var finding in report.Findings)
            Console.WriteLine($"{finding.Service}: {finding.Rule}: {finding.What}");
        Console.WriteLine(
            report.Findings.Count == 0
                ? $"All {report.Checks.Count} checks hold."
                : $"{report.Findings.Count} findings in {report.Checks.Count} checks."
        );
    }

    /// <param name="Unasked">What could not be compared from here.</param>
    sealed record Report(IReadOnlyList<Asked> Checks, IReadOnlyList<Unasked> Unasked, IReadOnlyList<Finding> Findings);

    sealed record Asked(string Service, string Rule, int Findings);

    sealed record Finding(string Service, string Rule, string What);
}
