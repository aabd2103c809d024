using System.CommandLine;
using System.Text.Json;
using Kontor.Catalog.Imports.Runs;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Spectre.Console;

namespace Kontor.Host.Commands;

/// <summary><c>kontor import</c> with plan, approval and undoing: the runs of <c>/api/v1/imports</c>, worked off here.</summary>
static class ImportRunCommand
{
    public static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Only plan: tell what would change, and write nothing to the catalogue.",
    };

    public static readonly Option<bool> Yes = new("--yes")
    {
        Description = "Load without asking, unless the feed is suddenly empty or small.",
    };

    public static readonly Option<Guid?> Undo = new("--undo")
    {
        Description = "Restore what this import has changed, where nobody has changed it since.",
    };

    public static readonly Option<Guid?> Approve = new("--approve") { Description = "Load this import, which waits." };

    public static readonly Option<Guid?> Resume = new("--resume")
    {
        Description = "Go on with this import, whose process died.",
    };

    public static Task<int> Run(ParseResult parsed, IReadOnlyList<string> files, string? map, CancellationToken stop) =>
        Shared.WithServices(
            parsed,
            async (services, _) =>
            {
                var isJson = parsed.GetValue(Shared.Json);
                var runs = services.Of<FeedRuns>("catalog");
                var done = await Watched(isJson, look => Start(runs, parsed, files, map, look, stop));
                if (!done.Is(out var run, out var refused))
                    return Answer.Fail(isJson, refused);
                if (IsToAsk(run, parsed))
                {
                    Say(run, await runs.Faults(run.Id, stop), isJson);
                    if (!await AnsiConsole.ConfirmAsync("Load it?", defaultValue: false, stop))
                        return 0;
                    done = await Watched(isJson, look => runs.Approve(run.Id, look, stop));
                    if (!done.Is(out run, out refused))
                        return Answer.Fail(isJson, refused);
                }
                Say(run, await runs.Faults(run.Id, stop), isJson);
                return run.State is ImportState.Failed or ImportState.Cancelled ? 1 : 0;
            },
            stop
        );

    static async Task<Result<ImportRun>> Start(
        FeedRuns runs,
        ParseResult parsed,
        IReadOnlyList<string> files,
        string? map,
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
        if (map is null || !File.Exists(map))
            return new Rejection("MAP_NOT_FOUND", 404, $"There is no file '{map}': name the mapping with --map.");
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
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask("Importing");
                return await import(run =>
                {
                    // How many rows a feed has is known when it has been read.
                    bar.IsIndeterminate = run.State == ImportState.Staging;
                    bar.Description = $"{run.State}: {run.Counts.Rows:N0} rows, {run.Counts.Products:N0} products";
                    bar.MaxValue = Math.Max(1, run.Counts.Products);
                    bar.Value = Sum(run.State == ImportState.Planning ? run.Counts.Planned : run.Counts.Loaded);
                });
            });
    }

    static long Sum(ImportSums? sums) =>
        sums is null ? 0 : sums.Created + sums.Changed + sums.Unchanged + sums.Refused + sums.Moved;

    static void Say(ImportRun run, IReadOnlyList<FaultSum> faults, bool isJson)
    {
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
            $"Import {run.Id} is {Word(run.State)}: {counts.Rows:N0} rows, {counts.Faulty:N0} in quarantine, {counts.Skipped:N0} skipped; {counts.Products:N0} products"
        );
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
        if (run.State == ImportState.Planned)
            Console.WriteLine($"Nothing is loaded yet. To load it: kontor import --approve {run.Id}");
    }

    static string Word(ImportState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    static void Tell(string what, ImportSums? sums)
    {
        if (sums is not null)
            Console.WriteLine(
                $"  {what, -9} {sums.Created:N0} created, {sums.Changed:N0} changed, {sums.Unchanged:N0} unchanged, {sums.Withdrawn:N0} withdrawn, {sums.Refused:N0} refused{(sums.Moved > 0 ? $", {sums.Moved:N0} moved" : "")}"
            );
    }
}
