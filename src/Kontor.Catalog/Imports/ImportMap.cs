using System.Text;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports;

/// <summary>What the columns of a supplier's file mean: which column, constant or template each target is read from.</summary>
/// <remarks>
/// <code>
/// {"delimiter":"|","encoding":"utf-8","columns":{"title":"name","price":"price"},
///  "constants":{"currency":"USD"},"templates":{"sku":"walmart-{id}"}}
/// </code>
/// Targets: sku and title (required), key (the SKU where left out), slug, description, price, currency, stock, category.
/// A target that is named is set from the file, to nothing where the file has nothing; one that is not named stays as it
/// stands in the catalogue.
/// </remarks>
public sealed class ImportMap
{
    static readonly string[] Required = ["sku", "title"];
    static readonly string[] Known =
    [
        "sku",
        "key",
        "title",
        "slug",
        "description",
        "price",
        "currency",
        "stock",
        "category",
    ];

    readonly Dictionary<string, ValueSource> sources = new(StringComparer.Ordinal);
    readonly List<string> columns = [];

    ImportMap(char delimiter, Encoding encoding) => (Delimiter, Encoding) = (delimiter, encoding);

    public char Delimiter { get; }

    public Encoding Encoding { get; }

    /// <summary>The columns of the file that are read, in the order in which a row's values come.</summary>
    internal IReadOnlyList<string> Columns => columns;

    internal bool Names(string target) => sources.ContainsKey(target);

    /// <summary>The value of a target, trimmed; null where the map or the row has none.</summary>
    internal string? Read(string target, IReadOnlyList<string?> row) =>
        sources.TryGetValue(target, out var source) ? source.Read(row) : null;

    /// <summary>Reads a map; a refusal names what is wrong with it.</summary>
    public static Result<ImportMap> Read(string json)
    {
        MapFile? file;
        try
        {
            file = JsonSerializer.Deserialize<MapFile>(json, KontorJson.Options);
        }
        catch (JsonException malformed)
        {
            return Invalid(
                $"it is not the JSON of a map ({malformed.Path ?? "$"}); known members are "
                    + "delimiter, encoding, columns, constants, templates."
            );
        }
        if (file is null)
            return Invalid("it is null.");
        if (file.Delimiter is not (null or { Length: 1 }) || file.Delimiter is "\"" or "\n" or "\r")
            return Invalid("delimiter is one character, and neither a quote nor a line's end.");
        if (EncodingOf(file.Encoding ?? "utf-8") is not { } encoding)
            return Invalid("encoding is utf-8, utf-16, iso-8859-1 or windows-1252.");
        var map = new ImportMap(file.Delimiter?[0] ?? ',', encoding);
        return map.Fill(file) is { } wrong ? wrong : map;
    }

    Rejection? Fill(MapFile file)
    {
        var named = Pairs(file.Columns, map => ValueSource.Column(Index(map)))
            .Concat(Pairs(file.Constants, ValueSource.Constant))
            .Concat(Pairs(file.Templates, text => ValueSource.Template(text, Index)));
        foreach (var (target, source) in named)
            if (!Known.Contains(target, StringComparer.Ordinal))
                return Invalid($"there is no target '{target}'; known are {string.Join(", ", Known)}.");
            else if (source is null)
                return Invalid($"the value of '{target}' is empty, or a template whose braces do not match.");
            else if (!sources.TryAdd(target, source))
                return Invalid($"the target '{target}' is named more than once.");
        if (Array.Find(Required, target => !sources.ContainsKey(target)) is { } missing)
            return Invalid($"it does not say where '{missing}' comes from.");
        if (Names("price") && !Names("currency"))
            return Invalid("a price needs a currency: name a column or a constant for it.");
        if (file.Constants?.GetValueOrDefault("currency") is { } currency && !Currencies.Exists(currency))
            return Invalid($"'{currency}' is no ISO 4217 currency.");
        return null;
    }

    static IEnumerable<(string, ValueSource?)> Pairs(
        Dictionary<string, string>? named,
        Func<string, ValueSource?> read
    ) => (named ?? []).Select(pair => (pair.Key, string.IsNullOrEmpty(pair.Value) ? null : read(pair.Value)));

    int Index(string column)
    {
        if (columns.IndexOf(column) is var at and >= 0)
            return at;
        columns.Add(column);
        return columns.Count - 1;
    }

    static Encoding? EncodingOf(string name) =>
        name.ToLowerInvariant() switch
        {
            // What is no UTF-8 comes as U+FFFD, for which its row is rejected.
            "utf-8" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            "utf-16" => Encoding.Unicode,
            "iso-8859-1" => Encoding.Latin1,
            "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252),
            _ => null,
        };

    static Rejection Invalid(string why) => Rejections.MapInvalid.Because($"The map is refused: {why}");

    sealed record MapFile(
        string? Delimiter = null,
        string? Encoding = null,
        Dictionary<string, string>? Columns = null,
        Dictionary<string, string>? Constants = null,
        Dictionary<string, string>? Templates = null
    );
}

/// <summary>Text and columns in turn; a column alone and a constant are such, too.</summary>
sealed record ValueSource(IReadOnlyList<string> Literals, IReadOnlyList<int> Columns)
{
    public static ValueSource Column(int column) => new(["", ""], [column]);

    public static ValueSource Constant(string text) => new([text], []);

    /// <summary>Null where the braces do not match.</summary>
    public static ValueSource? Template(string text, Func<string, int> index)
    {
        List<string> literals = [];
        List<int> columns = [];
        var rest = text.AsSpan();
        while (rest.IndexOfAny('{', '}') is var open and >= 0)
        {
            var close = rest.IndexOf('}');
            if (rest[open] == '}' || close < open + 2 || rest[(open + 1)..close].Contains('{'))
                return null;
            literals.Add(rest[..open].ToString());
            columns.Add(index(rest[(open + 1)..close].ToString()));
            rest = rest[(close + 1)..];
        }
        literals.Add(rest.ToString());
        return new(literals, columns);
    }

    /// <summary>Null where a column has nothing: half a template is no value.</summary>
    public string? Read(IReadOnlyList<string?> row)
    {
        var text = new StringBuilder(Literals[0]);
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(row[Columns[i]]))
                return null;
            text.Append(row[Columns[i]].AsSpan().Trim()).Append(Literals[i + 1]);
        }
        return text.ToString();
    }
}
