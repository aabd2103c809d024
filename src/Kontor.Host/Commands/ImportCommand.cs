using System.CommandLine;
using System.Text.Json;
using Kontor.Catalog.Imports.Runs;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Spectre.Console;

namespace Kontor.Host.Commands;

/// <summary><c>kontor import</c>: a supplier's feed into the catalogue, by the runs of <c>/api/v1/imports</c>, worked off here.</summary>
static class ImportCommand
{
    static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "The files of the feed, plain or packed, as many as the mapping names.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<string?> Map = new("--map")
    {
        Description = "The JSON file that says what the files mean; see docs/reference/imports-mapping.md.",
    };

    static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Only plan: tell what would change, and write nothing to the catalogue.",
    };

    static readonly Option<bool> Yes = new("--yes")
    {
        Description = "Load without asking, unless the feed is suddenly empty or small.",
    };

    static readonly Option<Guid?> Undo = new("--undo")
    {
        Description = "Restore what this import has changed, where nobody has changed it since.",
    };

    static readonly Option<Guid?> Approve = new("--approve") { Description = "Load this import, which waits." };

    static readonly Option<Guid?> Resume = new("--resume")
    {
        Description = "Go on with this import, whose process died.",
    };

    public static Command Make()
    {
        var command = new Command("import", "Brings a supplier's feed into the catalogue: plans it, asks, loads it.")
        {
            Files,
            Map,
            DryRun,
            Yes,
            Approve,
            Undo,
            Resume,
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
                var runs = services.Of<FeedRuns>("catalog");
                var done = await Watched(isJson, look => Start(runs, parsed, look, stop));
                if (!done.Is(out var run, out var refused))
                    return Answer.Fail(isJson, refused);
                var isAsked = IsToAsk(run, parsed);
                await Say(runs, run, isJson, stop);
                if (isAsked && await AnsiConsole.ConfirmAsync("Load it?", defaultValue: false, stop))
                {
                    done = await Watched(isJson, look => runs.Approve(run.Id, look, stop));
                    if (!done.Is(out run, out refused))
                        return Answer.Fail(isJson, refused);
                    await Say(runs, run, isJson, stop);
                }
                if (run.State == ImportState.Planned && !isJson)
                    Console.WriteLine($"Nothing is loaded yet. To load it: kontor import --approve {run.Id}");
                return run.State is ImportState.Failed or ImportState.Cancelled ? 1 : 0;
            },
            stop
        );

    static async Task<Result<ImportRun>> Start(
        FeedRuns runs,
        ParseResult parsed,
        Action<ImportRun> look,
        CancellationToken stop
    )
    {
        if (parsed.GetValue(Undo) is { } undone)
            return await runs.Undo(undone, look, stop);
        if (parsed.GetValue(Approve) is { } approved)
            return await runs.Approve(approved, look, stop);
        if (parsed.GetValue(Resume) is { } resumed)
            return await runs.Resume(resumed, look, stop);
        var (files, map) = (parsed.GetValue(Files) ?? [], parsed.GetValue(Map));
        if (map is null)
            return new Rejection("MAP_NOT_FOUND", 404, "Name the mapping with --map.");
        if (!File.Exists(map))
            return new Rejection("MAP_NOT_FOUND", 404, $"There is no file '{map}'.");
        if (files is [])
            return new Rejection("FEED_NOT_FOUND", 404, "Name the files of the feed.");
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            return new Rejection("FEED_NOT_FOUND", 404, $"There is no file '{missing}'.");
        var isApproved = parsed.GetValue(Yes) && !parsed.GetValue(DryRun);
        return await runs.Import(await File.ReadAllTextAsync(map, stop), files, isApproved, look, stop);
    }

    static bool IsToAsk(ImportRun run, ParseResult parsed) =>
        run.State == ImportState.Planned
        && !parsed.GetValue(DryRun)
        && !parsed.GetValue(Shared.Json)
        && !Console.IsInputRedirected
        && !Console.IsOutputRedirected;

    /// <summary>With a bar where a person watches, in silence where the output is piped.</summary>
    static async Task<Result<ImportRun>> Watched(bool isJson, Func<Action<ImportRun>, Task<Result<ImportRun>>> import)
    {
        if (isJson || Console.IsOutputRedirected)
            return await import(_ => { });
        return await AnsiConsole
            .Progress()
            .AutoClear(true) // What there is to say is said below it, once.
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask("sending");
                bar.IsIndeterminate = true;
                return await import(run =>
                {
                    // How many rows a feed has is known when it has been read.
                    bar.IsIndeterminate = run.Counts.Products == 0;
                    bar.Description = $"{run.State.Word}: {run.Counts.Rows:N0} rows, {run.Counts.Products:N0} products";
                    bar.MaxValue = Math.Max(1, run.Counts.Products);
                    bar.Value = Sum(run.State == ImportState.Planning ? run.Counts.Planned : run.Counts.Loaded);
                });
            });
    }

    static long Sum(ImportSums? sums) =>
        sums is null ? 0 : sums.Created + sums.Changed + sums.Unchanged + sums.Refused + sums.Moved;

    static async Task Say(FeedRuns runs, ImportRun run, bool isJson, CancellationToken stop)
    {
        var faults = await runs.Faults(run.Id, stop);
        if (isJson)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        run.Id,
                        run.State,
                        run.Counts,
                        Faults = faults,
                        run.Held,
                        run.HeldBecause,
                    },
                    KontorJson.Options
                )
            );
            return;
        }
        var counts = run.Counts;
        Console.WriteLine(
            $"Import {run.Id} is {run.State.Word}: {counts.Rows:N0} rows, {counts.Faulty:N0} in quarantine, {counts.Skipped:N0} skipped; {counts.Products:N0} products"
        );
        if (run.State == ImportState.Planned || counts.Loaded is null)
            Tell("planned", counts.Planned);
        Tell("loaded", counts.Loaded);
        foreach (var fault in faults)
            Console.WriteLine($"  {(fault.IsFatal ? "kept out" : "noted"), -9} {fault.Code}: {fault.Count:N0}");
        if (run.State == ImportState.Undone)
            Console.WriteLine(
                $"  undone    {counts.Restored} restored, {counts.LeftAlone} left as others have changed them"
            );
        if (run.Held is { } held)
            Console.Error.WriteLine($"  {held}: {run.HeldBecause}");
    }

    static void Tell(string what, ImportSums? sums)
    {
        if (sums is not null)
            Console.WriteLine(
                $"  {what, -9} {sums.Created:N0} created, {sums.Changed:N0} changed, {sums.Unchanged:N0} unchanged, {sums.Withdrawn:N0} withdrawn, {sums.Refused:N0} refused{(sums.Moved > 0 ? $", {sums.Moved:N0} moved" : "")}"
            );
    }
}
