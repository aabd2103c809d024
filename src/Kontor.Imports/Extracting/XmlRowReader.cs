using System.Text.Json;
using System.Xml;

namespace Kontor.Imports.Extracting;

/// <summary>The elements of XML that are rows, one at a time in memory. No document type, no entities but XML's own.</summary>
/// <param name="path">Names with slashes or dots from the root; a single name finds it at any depth; left out: what stands in
/// the root.</param>
sealed class XmlRowReader(Stream utf8, string? path) : RowReader
{
    readonly string[] names = path?.Split('/', '.') ?? [];
    readonly JsonRow row = new();
    readonly System.Buffers.ArrayBufferWriter<byte> json = new();
    readonly List<string> open = [];
    XmlReader? xml;
    LeashedStream? leash;
    long number;

    public override long At => number;

    public override ValueTask Start(CancellationToken stop)
    {
        leash = new(utf8);
        xml = XmlReader.Create(
            leash,
            new()
            {
                Async = true,
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                IgnoreWhitespace = true,
                CloseInput = false,
            }
        );
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<FeedRow?> Next(CancellationToken stop)
    {
        while (await Read())
        {
            stop.ThrowIfCancellationRequested();
            if (xml!.NodeType == XmlNodeType.EndElement && open.Count > 0)
                open.RemoveAt(open.Count - 1);
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            open.Add(xml.LocalName);
            if (open.Count > Limits.Depth)
                throw new FeedBrokenException(
                    "FILE_MALFORMED",
                    number,
                    $"The XML is deeper than {Limits.Depth} elements."
                );
            if (IsRow())
                return await Element();
            if (xml.IsEmptyElement)
                open.RemoveAt(open.Count - 1);
        }
        return null;
    }

    public override void Dispose()
    {
        xml?.Dispose();
        leash?.Dispose();
        base.Dispose();
    }

    bool IsRow() =>
        names.Length switch
        {
            0 => open.Count == 2,
            1 => open[^1] == names[0],
            _ => open.Count == names.Length && open.SequenceEqual(names, StringComparer.Ordinal),
        };

    async ValueTask<bool> Read()
    {
        leash!.Loosen();
        return await xml!.ReadAsync();
    }

    async ValueTask<FeedRow> Element()
    {
        number++;
        var budget = new Budget();
        var node = await Node(budget, 0);
        open.RemoveAt(open.Count - 1);
        if (budget.IsSpent)
            return new BrokenRow(
                number,
                new(
                    "ROW_TOO_LONG",
                    $"An element has at most {Limits.ElementBytes} characters.",
                    "Name a deeper path for the rows.",
                    ""
                )
            );
        json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(json))
            node.WriteTo(writer, asObject: true);
        return row.Set(number, JsonDocument.Parse(json.WrittenSpan.ToArray(), JsonRow.Strict));
    }

    /// <summary>The element that the reader stands on; the reader stands at its end afterwards.</summary>
    async ValueTask<XmlNode> Node(Budget budget, int depth)
    {
        if (depth > Limits.Depth - 4)
            throw new FeedBrokenException("FILE_MALFORMED", number, $"The XML is deeper than {Limits.Depth} elements.");
        var node = new XmlNode();
        var isEmpty = xml!.IsEmptyElement;
        while (xml.MoveToNextAttribute())
            if (xml.Prefix != "xmlns" && budget.Spend(xml.Value.Length))
                node.Add("@" + xml.LocalName, new() { Text = xml.Value });
        xml.MoveToElement();
        while (!isEmpty && await Read() && xml.NodeType != XmlNodeType.EndElement)
            if (xml.NodeType == XmlNodeType.Element)
            {
                var name = xml.LocalName;
                var child = await Node(budget, depth + 1);
                if (budget.Spend(name.Length))
                    node.Add(name, child);
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                var text = await xml.GetValueAsync();
                if (budget.Spend(text.Length))
                    node.Text += text;
            }
        return node;
    }

    sealed class Budget
    {
        int characters = Limits.ElementBytes;
        int nodes = Limits.Nodes;

        public bool IsSpent { get; private set; }

        public bool Spend(int length)
        {
            characters -= Math.Min(length, characters + 1);
            IsSpent |= characters < 0 || --nodes < 0;
            return !IsSpent;
        }
    }
}

/// <summary>An element as JSON has it: text alone is a text; else an object, in which what repeats is a list.</summary>
sealed class XmlNode
{
    readonly List<(string Name, List<XmlNode> Nodes)> members = [];

    public string Text { get; set; } = "";

    public void Add(string name, XmlNode node)
    {
        var at = members.FindIndex(member => member.Name == name);
        if (at < 0)
            members.Add((name, [node]));
        else
            members[at].Nodes.Add(node);
    }

    public void WriteTo(Utf8JsonWriter json, bool asObject = false)
    {
        if (members.Count == 0 && !asObject)
        {
            json.WriteStringValue(Text);
            return;
        }
        json.WriteStartObject();
        if (Text.Length > 0)
            json.WriteString("#text"u8, Text);
        foreach (var (name, nodes) in members)
        {
            json.WritePropertyName(name);
            if (nodes.Count > 1)
                json.WriteStartArray();
            foreach (var node in nodes)
                node.WriteTo(json);
            if (nodes.Count > 1)
                json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}

/// <summary>The reader of XML holds an attribute, or a text, as a whole: one that does not end is cut here.</summary>
sealed class LeashedStream(Stream inner) : WatchedStream(inner)
{
    long since;

    public void Loosen() => since = 0;

    protected override void Seen(ReadOnlySpan<byte> bytes)
    {
        since += bytes.Length;
        if (since > 4L * Limits.ElementBytes)
            throw new FeedBrokenException(
                "ROW_TOO_LONG",
                0,
                $"A single text or attribute of the XML is longer than {4L * Limits.ElementBytes} bytes."
            );
    }
}
