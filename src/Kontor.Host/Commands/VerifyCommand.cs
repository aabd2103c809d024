using System.CommandLine;
using System.Text.Json;
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
        Shared.WithServices(
            parsed,
            async (services, _) =>
            {
                var isJson = parsed.GetValue(Shared.Json);
                var findings = new List<Finding>();
                var checks = 0;
                foreach (var database in services.GetServices<ServiceDatabase>())
                {
                    var journal = await database.Journal.Check(stop);
                    findings.AddRange(journal.Select(found => new Finding(database.Name, found.Rule, found.What)));
                    checks++;
                    foreach (var invariant in database.Invariants)
                    {
                        var broken = await invariant.Check(database.Source, stop);
                        findings.AddRange(broken.Select(what => new Finding(database.Name, invariant.Rule, what)));
                        checks++;
                    }
                }
                Report(findings, checks, isJson);
                return findings.Count == 0 ? 0 : 1;
            },
            stop
        );

    static void Report(IReadOnlyList<Finding> findings, int checks, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { checks, findings }, Kernel.KontorJson.Options));
            return;
        }
        foreach (var finding in findings)
            Console.WriteLine($"{finding.Service}: {finding.Rule}: {finding.What}");
        Console.WriteLine(
            findings.Count == 0 ? $"All {checks} checks hold." : $"{findings.Count} findings in {checks} checks."
        );
    }

    sealed record Finding(string Service, string Rule, string What);
}
