using System.Text.Json;
using System.Text.RegularExpressions;
using Kontor.Imports.Extracting;
using Kontor.Kernel;

namespace Kontor.Imports.Mapping;

/// <summary>What the files of a supplier's feed mean: a mapping file that was read. Immutable; may be used by many at once.</summary>
public sealed class FeedMapping
{
    const string Exported = "exported";
    const int MaxFiles = 50;
    const int MaxBytes = 1024 * 1024;

    FeedMapping(string supplier, IReadOnlyList<FileMapping> files) => (Supplier, Files) = (supplier, files);

    /// <summary>Who sends the feed, in the form of a key.</summary>
    public string Supplier { get; }

    internal IReadOnlyList<FileMapping> Files { get; }

    /// <summary>Some of its products name pictures.</summary>
    public bool HasMedia => Files.Any(file => file.Products.Any(product => product.Media is not null));

    /// <summary>The same without them, for who does not fetch any.</summary>
    public FeedMapping WithoutMedia() =>
        new(
            Supplier,
            [
                .. Files.Select(file =>
                    file with
                    {
                        Products = [.. file.Products.Select(product => product with { Media = null })],
                    }
                ),
            ]
        );

    /// <summary>Reads a mapping file; a refusal names all that is wrong with it, by path.</summary>
    public static Result<FeedMapping> Read(string json)
    {
        if (json.Length > MaxBytes)
            return Rejections.MappingInvalid.Because($"A mapping has at most {MaxBytes} characters.");
        try
        {
            using var document = JsonDocument.Parse(
                json,
                new()
                {
                    MaxDepth = KontorJson.MaxDepth,
                    AllowDuplicateProperties = false,
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                }
            );
            var root = new Node("", document.RootElement, []);
            var mapping = Read(root);
            return mapping is not null && root.Faults.Count == 0
                ? mapping
                : Rejections.MappingInvalid with
                {
                    Errors = root.Faults,
                };
        }
        catch (JsonException malformed)
        {
            return Rejections.MappingInvalid.Because($"It is no JSON: {malformed.Message}");
        }
    }

    static FeedMapping? Read(Node root)
    {
        // The terms of a run are of no account to what rows mean; whoever runs the feed reads them.
        if (!root.Has("$schema", "supplier", "files", "withdrawMissing", "maxLossPercent", "maxFaults"))
            return null;
        var supplier = root["supplier"]?.Text() ?? "";
        if (!Texts.IsKey(supplier))
            root.Refuse("supplier is a key: 1 to 100 letters, digits, '.', '_', ':' or '-'.");
        List<FileMapping> files = [];
        foreach (var file in root["files"]?.Items() ?? [])
            if (File(file) is { } read)
                files.Add(read);
        if (files.Count is 0 or > MaxFiles)
            root.Refuse($"files has 1 to {MaxFiles} files.");
        return new FeedMapping(supplier, files);
    }

    static FileMapping? File(Node node)
    {
        if (!node.Has("name", "format", "dialect", "header", "columns", "rows", "sheet", "product", "products"))
            return null;
        var format = node["format"]?.Word("csv", "ndjson", "json", "xml", "xlsx");
        var form = Form(node, format);
        var values = new ValueForms(isFlat: format is "csv" or "xlsx" or null);
        var isExported = node["product"] is { IsText: true } told && told.Word(Exported) is not null;
        List<ProductTargets> products = [];
        foreach (var product in isExported ? [] : (node["products"] ?? node["product"])?.Items() ?? [])
            if (TargetForms.Product(product, values) is { } read)
                products.Add(read);
        if (products.Count == 0 && !isExported)
            node.Refuse("A file has a product, or products, with a key.");
        var pattern = node["name"]?.Text();
        var name = pattern is null
            ? null
            : new Regex(
                $@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}\z",
                RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
                Steps.PatternTime
            );
        return new(name, form, values.Fields, products, isExported);
    }

    static FormWanted Form(Node node, string? format)
    {
        var dialect = node["dialect"];
        dialect?.Has("delimiter", "quote", "encoding");
        var delimiter = dialect?["delimiter"]?.Text();
        if (delimiter is not (null or { Length: 1 }) || (delimiter is not null && !IsDelimiter(delimiter[0])))
            dialect?.Refuse("delimiter is a tab, a space or a sign of ASCII, and no quotation mark.");
        var quote = dialect?["quote"]?.Word("\"", "'", "");
        var encoding = dialect?["encoding"]?.Word([.. Encodings.Names]);
        var columns = node["columns"]?.Items().Select(column => column.Text() ?? "").ToList();
        if (columns?.Count > Limits.Columns)
            node.Refuse($"columns has at most {Limits.Columns} names.");
        return new(
            format is null ? null : Enum.Parse<FeedFormat>(format, ignoreCase: true),
            delimiter is { Length: 1 } ? delimiter[0] : null,
            quote,
            encoding,
            node["header"]?.Truth(),
            columns,
            node["rows"]?.Text(),
            node["sheet"]?.Text()
        );
    }

    static bool IsDelimiter(char sign) =>
        sign is '\t' or ' '
        || (char.IsAscii(sign) && (char.IsPunctuation(sign) || char.IsSymbol(sign)) && sign is not ('"' or '\''));
}
