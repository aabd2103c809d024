using System.CommandLine;
using System.Text.Json;
using Kontor.Catalog.Imports;
using Kontor.Kernel;
using Spectre.Console;

namespace Kontor.Host.Commands;

/// <summary><c>kontor import</c>: streams a supplier's file into the catalogue.</summary>
static class ImportCommand
{
    const int RowsShown = 20;

    static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "The file, plain or .gz; without --format as many as the mapping names.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<FeedFormat?> Format = new("--format")
    {
        Description = "csv (with a header line) or ndjson (one JSON object a line): rows straight in, without a plan.",
    };

    static readonly Option<string?> Map = new("--map")
    {
        Description = "The JSON file that says what the columns mean; see docs/reference/imports.md.",
    };

    public static Command Make()
    {
        var command = new Command("import", "Streams a supplier's file into the catalogue; products are found by SKU.")
        {
            Files,
            Format,
            Map,
            ImportRunCommand.DryRun,
            ImportRunCommand.Yes,
            ImportRunCommand.Approve,
            ImportRunCommand.Undo,
            ImportRunCommand.Resume,
            Shared.Data,
            Shared.Json,
        };
        Format.AcceptOnlyFromAmong("csv", "ndjson");
        command.SetAction(Run);
        return command;
    }

    static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var isJson = parsed.GetValue(Shared.Json);
        var (files, mapFile) = (parsed.GetValue(Files) ?? [], parsed.GetValue(Map));
        if (parsed.GetValue(Format) is not { } format)
            return await ImportRunCommand.Run(parsed, files, mapFile, stop);
        if (mapFile is null || files is not [var path])
            return Answer.Fail(isJson, "MAP_NOT_FOUND", "With --format, name one file, and its map with --map.");
        if (!File.Exists(mapFile))
            return Answer.Fail(isJson, "MAP_NOT_FOUND", $"There is no file '{mapFile}'.");
        if (!ImportMap.Read(await File.ReadAllTextAsync(mapFile, stop)).Is(out var map, out var faulty))
            return Answer.Fail(isJson, faulty);

        return await Shared.WithServices(
            parsed,
            async (services, _) =>
            {
                var import = services.Of<ImportFile>("catalog");
                var done = await Watched(isJson, progress => import.Run(path, format, map, progress, stop));
                if (!done.Is(out var report, out var refused))
                    return Answer.Fail(isJson, refused);
                Say(report, isJson);
                return report.Aborted is null ? 0 : 1;
            },
            stop
        );
    }

    /// <summary>With a bar where a person watches, in silence where the output is piped.</summary>
    static async Task<Result<ImportReport>> Watched(
        bool isJson,
        Func<IProgress<ImportProgress>?, Task<Result<ImportReport>>> import
    )
    {
        if (isJson || Console.IsOutputRedirected)
            return await import(null);
        return await AnsiConsole
            .Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask("Importing");
                return await import(
                    new Watcher(progress =>
                    {
                        bar.Description = $"{progress.Rows:N0} rows";
                        bar.MaxValue = Math.Max(1, progress.TotalBytes);
                        bar.Value = progress.BytesRead;
                    })
                );
            });
    }

    static void Say(ImportReport report, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, KontorJson.Options));
            return;
        }
        Console.WriteLine(
            $"{report.Created} created, {report.Updated} updated, {report.Unchanged} unchanged, {report.Rejected} rejected"
        );
        foreach (var (code, count) in report.NotedByCode)
            Console.WriteLine($"  noted     {code}: {count}");
        foreach (var (code, count) in report.RejectedByCode)
            Console.WriteLine($"  rejected  {code}: {count}");
        foreach (var row in report.Rows.Take(RowsShown))
            Console.WriteLine(
                $"  line {row.Line}{(row.Sku is null ? "" : $" ({row.Sku})")}: {row.Code}: {row.Message}"
            );
        if (report.Rows.Count > RowsShown)
            Console.WriteLine($"  … and {report.Rejected - RowsShown} more; --json lists them.");
        if (report.Aborted is { } aborted)
            Console.Error.WriteLine($"The import ended early: {aborted.Message} {aborted.Detail}");
    }

    /// <summary>Calls back in the importing thread: Progress&lt;T&gt; would report out of order.</summary>
    sealed class Watcher(Action<ImportProgress> look) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => look(value);
    }
}
