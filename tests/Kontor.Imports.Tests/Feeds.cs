using System.Text;
using Kontor.Imports.Mapping;

namespace Kontor.Imports.Tests;

/// <summary>Runs mappings over files and gathers what comes.</summary>
static class Feeds
{
    static readonly string Root = FindRoot();

    public static string Sample(string name) => File.ReadAllText(Path.Combine(Root, "samples", "imports", name));

    public static JsonAttributeForms Types(params string[] names) =>
        new(names.Select(name => Sample($"{name}.type.json")));

    /// <summary>Real feeds lie outside the repository, in the folder that KONTOR_DATA names.</summary>
    public static FeedFile Real(string file)
    {
        var folder = Environment.GetEnvironmentVariable("KONTOR_DATA");
        Assert.SkipUnless(
            folder is not null && File.Exists(Path.Combine(folder, file)),
            $"{file} is another's data and not shipped; KONTOR_DATA names a folder that has it."
        );
        return new(Path.Combine(folder, file));
    }

    public static FeedBytes Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    public static FeedMapping Mapping(string product, string file = "") =>
        FeedMapping.Read($$"""{"supplier": "test", "files": [{ {{file}} "product": {{product}} }]}""").Value;

    public static async Task<Run> Read(FeedMapping mapping, IAttributeForms? forms, params FeedSource[] sources)
    {
        var feed = MappedFeed.Open(mapping, sources, forms ?? new JsonAttributeForms()).Value;
        var run = new Run(feed);
        await foreach (var row in feed.Rows(TestContext.Current.CancellationToken))
            run.Add(row);
        return run;
    }

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Kontor.slnx")))
            folder =
                Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no Kontor.slnx above.");
        return folder;
    }
}

/// <summary>What came of a feed; of many rows only the first thousand are kept.</summary>
sealed record Run(MappedFeed Feed)
{
    public List<MappedRow> Rows { get; } = [];
    public SortedDictionary<string, int> Codes { get; } = new(StringComparer.Ordinal);
    public int Count { get; private set; }
    public int Drafts { get; private set; }
    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

    public void Add(MappedRow row)
    {
        Count++;
        if (row.Draft is { } draft)
        {
            Drafts++;
            Keys.Add(draft.Key);
        }
        foreach (var fault in row.Faults)
            Codes[fault.Code] = Codes.GetValueOrDefault(fault.Code) + 1;
        if (Rows.Count < 1_000)
            Rows.Add(row);
    }

    public string Json(int row) => Encoding.UTF8.GetString(Rows[row].Draft!.Product.Span);

    public int Of(string code) => Codes.GetValueOrDefault(code);
}
