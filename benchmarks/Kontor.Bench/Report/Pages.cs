using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Kontor.Bench.Report;

/// <summary>A run as people and as programs read it.</summary>
static class Pages
{
    const int WidthWhenPiped = 170;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Read by people too; never put into a page.
    };

    /// <summary>Written beside and renamed, so that nobody reads half of it.</summary>
    public static async Task Save(Results results, string file, CancellationToken stop)
    {
        await using (var draft = File.Create($"{file}.new"))
            await JsonSerializer.SerializeAsync(draft, results, Json, stop);
        File.Move($"{file}.new", file, overwrite: true);
    }

    public static void Print(Results results)
    {
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = WidthWhenPiped;
        var table = new Table().Border(TableBorder.Simple).AddColumns("measured", "", "p50 ms", "p95 ms", "p99 ms");
        table.AddColumns("CPU µs server", "CPU µs database", "of the limit");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned().NoWrap();
        foreach (var reading in results.Readings)
            Add(table, reading);
        console.Write(table);
        foreach (var skipped in results.Skipped)
            console.MarkupLineInterpolated($"[yellow]not measured[/]  {skipped}");
        foreach (var broken in results.Broken)
            console.MarkupLineInterpolated($"[red]broken[/]  {broken}");
        var machine = results.Machine;
        console.WriteLine(
            $"{machine.Cores} cores ({machine.Cpu}), load {machine.LoadAverage:0.0} before the run; {machine.Os}; {machine.Runtime}; {machine.Postgres}"
        );
        console.WriteLine($"commit {results.Commit}, {results.Date:u}, {results.Seconds:0.#} s a measurement");
    }

    static void Add(Table table, Reading reading)
    {
        table.AddRow(Row($"[bold]{Markup.Escape($"{reading.Scenario}: {reading.Name}")}[/]", reading.Figures, ""));
        foreach (var (limit, ratio) in reading.Limits.Zip(reading.Ratios))
            table.AddRow(Row($"  [grey]limit: {Markup.Escape(limit.Name)}[/]", limit.Figures, Number(ratio)));
        foreach (var goal in reading.Goals)
            table.AddRow($"  goal: {Markup.Escape(goal.Text)}", goal.Met ? "[green]met[/]" : "[red]missed[/]");
        foreach (var note in reading.Notes)
            table.AddRow($"  [grey]{Markup.Escape(note)}[/]");
    }

    static string[] Row(string name, Figures figures, string ratio) =>
        [
            name,
            $"{Number(figures.Value)} {Markup.Escape(figures.Unit)}",
            Number(figures.P50Ms),
            Number(figures.P95Ms),
            Number(figures.P99Ms),
            Number(figures.ServerCpuUs),
            Number(figures.DatabaseCpuUs),
            ratio,
        ];

    /// <summary>Three digits that mean something, and no more.</summary>
    static string Number(double? value) =>
        value switch
        {
            null => "",
            >= 100 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
            >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
            _ => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        };
}
