using System.Buffers;
using System.Text.Json;
using Kontor.Imports.Matching;

namespace Kontor.Imports.Survivorship;

/// <summary>A supplier's product, as its rows were laid together.</summary>
/// <param name="ReadAt">When the feed was read.</param>
public sealed record Supplied(string Supplier, Laid Laid, DateTimeOffset ReadAt);

/// <summary>
/// Makes one product of several suppliers' products, value by value, by the rules. Objects go member by member, categories
/// are united; variants are one where they have a SKU or a valid GTIN in common, or where each product has one only. The
/// order of the suppliers' products does not matter.
/// </summary>
public sealed class Survival(SurvivorshipRules rules)
{
    const string GtinAttribute = "gtin";

    readonly record struct Part(JsonElement Value, string Path, Supplied From);

    /// <param name="supplied">At least one, each of another supplier, each a JSON object.</param>
    public Laid Of(IReadOnlyList<Supplied> supplied)
    {
        if (supplied.Count == 1)
            return supplied[0].Laid;
        var documents = new List<JsonDocument>(supplied.Count);
        try
        {
            var parts = new List<Part>(supplied.Count);
            foreach (var one in supplied.OrderBy(Place).ThenBy(one => one.Supplier, StringComparer.Ordinal))
            {
                documents.Add(JsonDocument.Parse(one.Laid.Product));
                parts.Add(new(documents[^1].RootElement, "", one));
            }
            var written = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(written);
            var origins = new List<Origin>();
            new Merge(rules, writer, origins).Members(parts, "", "");
            writer.Flush();
            return new(written.WrittenMemory, origins);
        }
        finally
        {
            foreach (var document in documents)
                document.Dispose();
        }
    }

    int Place(Supplied one) => PlaceIn(rules.Suppliers, one.Supplier);

    static int PlaceIn(IReadOnlyList<string> suppliers, string supplier)
    {
        for (var i = 0; i < suppliers.Count; i++)
            if (suppliers[i] == supplier)
                return i;
        return int.MaxValue;
    }

    sealed class Merge(SurvivorshipRules rules, Utf8JsonWriter writer, List<Origin> origins)
    {
        public void Members(List<Part> objects, string path, string rule)
        {
            var members = new OrderedDictionary<string, List<Part>>(StringComparer.Ordinal);
            foreach (var part in objects)
            foreach (var member in part.Value.EnumerateObject())
            {
                if (!members.TryGetValue(member.Name, out var known))
                    members.Add(member.Name, known = []);
                known.Add(new(member.Value, Pointer.Member(part.Path, member.Name), part.From));
            }
            writer.WriteStartObject();
            foreach (var (name, parts) in members)
            {
                writer.WritePropertyName(name);
                Value(parts, Pointer.Member(path, name), rule.Length == 0 ? name : $"{rule}.{name}");
            }
            writer.WriteEndObject();
            if (members.Count == 0)
                Came(objects[0], path);
        }

        void Value(List<Part> parts, string path, string rule)
        {
            if (rule == "variants" && parts.TrueForAll(part => part.Value.ValueKind == JsonValueKind.Array))
                Variants(parts, path);
            else if (rule == "categories" && parts.TrueForAll(part => part.Value.ValueKind == JsonValueKind.Array))
                United(parts, path);
            else if (parts.TrueForAll(part => part.Value.ValueKind == JsonValueKind.Object))
                Members(parts, path, rule);
            else
                Take(Chosen(parts, rules.Of(rule)), path);
        }

        Part Chosen(List<Part> parts, SurvivorshipRule rule)
        {
            var order = rule.Suppliers ?? rules.Suppliers;
            var ranked = parts
                .OrderBy(part => !IsFilled(part.Value))
                .ThenBy(part => PlaceIn(order, part.From.Supplier))
                .ThenBy(part => part.From.Supplier, StringComparer.Ordinal)
                .ToList();
            var filled = ranked.TakeWhile(part => IsFilled(part.Value)).ToList();
            if (filled.Count == 0)
                return ranked[0];
            return rule.Pick switch
            {
                Pick.Priority => ranked.MinBy(part => PlaceIn(order, part.From.Supplier)),
                Pick.Newest => filled.MaxBy(part => part.From.ReadAt),
                Pick.Longest => filled.MaxBy(part => Length(part.Value)),
                Pick.MostAgreed => filled.MaxBy(part =>
                    filled.Count(other => JsonElement.DeepEquals(part.Value, other.Value))
                ),
                _ => filled[0],
            };
        }

        void United(List<Part> lists, string path)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            writer.WriteStartArray();
            foreach (var item in lists.SelectMany(Items))
                if (seen.Add(item.Value.ToString()))
                    Take(item, Pointer.Item(path, seen.Count - 1));
            writer.WriteEndArray();
            if (seen.Count == 0)
                Came(lists[0], path);
        }

        void Variants(List<Part> lists, string path)
        {
            var single = lists.TrueForAll(list => list.Value.GetArrayLength() == 1);
            var groups = new List<List<Part>>();
            foreach (var list in lists)
            {
                // A supplier's own variants never become one: each group takes one of them at most.
                var open = groups.ToList();
                foreach (var variant in Items(list))
                {
                    var group = open.Find(group => single || group.Exists(other => AreOne(other.Value, variant.Value)));
                    if (group is null)
                        groups.Add([variant]);
                    else
                    {
                        group.Add(variant);
                        open.Remove(group);
                    }
                }
            }
            writer.WriteStartArray();
            for (var i = 0; i < groups.Count; i++)
                if (groups[i].TrueForAll(variant => variant.Value.ValueKind == JsonValueKind.Object))
                    Members(groups[i], Pointer.Item(path, i), "variants");
                else
                    Take(groups[i][0], Pointer.Item(path, i));
            writer.WriteEndArray();
            if (groups.Count == 0)
                Came(lists[0], path);
        }

        static IEnumerable<Part> Items(Part list) =>
            list.Value.EnumerateArray().Select((item, i) => new Part(item, Pointer.Item(list.Path, i), list.From));

        static bool AreOne(JsonElement one, JsonElement other) =>
            (Text(one, "sku") is { } sku && sku == Text(other, "sku"))
            || (GtinOf(one) is { } gtin && gtin == GtinOf(other));

        static string? GtinOf(JsonElement variant) =>
            variant.ValueKind == JsonValueKind.Object && variant.TryGetProperty("attributes", out var attributes)
                ? Gtin.Normalised(Text(attributes, GtinAttribute))
                : null;

        static string? Text(JsonElement json, string member) =>
            json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(member, out var value)
            && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;

        static bool IsFilled(JsonElement value) =>
            value.ValueKind switch
            {
                JsonValueKind.Null => false,
                JsonValueKind.String => !string.IsNullOrWhiteSpace(value.GetString()),
                JsonValueKind.Array => value.GetArrayLength() > 0,
                JsonValueKind.Object => value.GetPropertyCount() > 0,
                _ => true,
            };

        static int Length(JsonElement value) =>
            value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : value.ToString().Length;

        void Take(Part part, string path)
        {
            part.Value.WriteTo(writer);
            Came(part, path);
        }

        /// <summary>The value may have been laid together of several rows itself.</summary>
        void Came(Part part, string path)
        {
            var laid = part.From.Laid;
            if (laid.Of(part.Path) is { } whole)
                origins.Add(whole with { Path = path });
            if (part.Value.ValueKind is not JsonValueKind.Object and not JsonValueKind.Array)
                return;
            foreach (var origin in laid.Origins)
                if (
                    origin.Path.Length > part.Path.Length
                    && origin.Path.StartsWith(part.Path + "/", StringComparison.Ordinal)
                )
                    origins.Add(origin with { Path = path + origin.Path[part.Path.Length..] });
        }
    }
}
