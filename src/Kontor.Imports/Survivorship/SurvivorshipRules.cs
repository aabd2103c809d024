using System.Collections.Immutable;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Imports.Survivorship;

/// <summary>Which of several suppliers' values stays.</summary>
public enum Pick
{
    /// <summary>Of the supplier that is named first; those not named come after, by name.</summary>
    Priority,

    /// <summary>Of the supplier whose feed was read last.</summary>
    Newest,

    /// <summary>The longest text, or list.</summary>
    Longest,

    /// <summary>The first, in the suppliers' order, that is no null, no empty text, list or object.</summary>
    FirstFilled,

    /// <summary>What most suppliers say.</summary>
    MostAgreed,
}

/// <param name="Suppliers">In whose order; the general one where left out. It also decides between equals.</param>
public sealed record SurvivorshipRule(Pick Pick, IReadOnlyList<string>? Suppliers = null);

/// <summary>How one product is made of several suppliers' products.</summary>
/// <param name="Suppliers">First those that are believed most.</param>
/// <param name="Rules">By member: <c>title</c>, <c>attributes</c>, <c>attributes.colour</c>, <c>variants.prices</c>; the longest that fits.</param>
public sealed record SurvivorshipRules(
    IReadOnlyList<string> Suppliers,
    SurvivorshipRule Default,
    IReadOnlyDictionary<string, SurvivorshipRule> Rules
)
{
    public const int MaxRules = 500;
    public const int MaxSuppliers = 100;

    public static readonly SurvivorshipRules Usual = new(
        [],
        new(Pick.FirstFilled),
        ImmutableDictionary<string, SurvivorshipRule>.Empty
    );

    /// <summary>The rule of a member, given as its names with points between; what holds for an object holds for its members.</summary>
    internal SurvivorshipRule Of(string member)
    {
        for (var name = member; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
            if (Rules.TryGetValue(name, out var rule))
                return rule;
        return Default;
    }

    /// <summary>
    /// Reads <c>{"suppliers":["acme"],"default":"firstFilled","rules":{"title":"longest","description":{"pick":"priority",
    /// "suppliers":["b","a"]}}}</c>; every member may be left out.
    /// </summary>
    public static Result<SurvivorshipRules> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return Wrong("", "Write an object with suppliers, default and rules.");
        var read = Usual;
        foreach (var member in json.EnumerateObject())
            switch (member.Name)
            {
                case "suppliers":
                    if (!Names(member.Value, "suppliers").Is(out var suppliers, out var noNames))
                        return noNames;
                    read = read with { Suppliers = suppliers };
                    break;
                case "default":
                    if (!Rule(member.Value, "default").Is(out var usual, out var noRule))
                        return noRule;
                    read = read with { Default = usual };
                    break;
                case "rules":
                    if (!ByMember(member.Value).Is(out var rules, out var noRules))
                        return noRules;
                    read = read with { Rules = rules.Rules };
                    break;
                default:
                    return Wrong(member.Name, "There is no such member; there are suppliers, default and rules.");
            }
        return read;
    }

    static Result<SurvivorshipRules> ByMember(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return Wrong("rules", "Write an object of rules by member.");
        var rules = new Dictionary<string, SurvivorshipRule>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Split('.').Any(string.IsNullOrWhiteSpace))
                return Wrong($"rules.{member.Name}", "A member is named with points between: attributes.colour.");
            if (!Rule(member.Value, $"rules.{member.Name}").Is(out var rule, out var wrong))
                return wrong;
            if (!rules.TryAdd(member.Name, rule))
                return Wrong($"rules.{member.Name}", "This member has a rule already.");
            if (rules.Count > MaxRules)
                return Wrong("rules", $"At most {MaxRules} rules.");
        }
        return Usual with { Rules = rules };
    }

    static Result<SurvivorshipRule> Rule(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.String)
            return PickOf(json.GetString()!) is { } alone ? new SurvivorshipRule(alone) : Wrong(path, Picks);
        if (json.ValueKind != JsonValueKind.Object)
            return Wrong(path, Picks);
        Pick? pick = null;
        IReadOnlyList<string>? suppliers = null;
        foreach (var member in json.EnumerateObject())
            if (member.NameEquals("pick") && member.Value.ValueKind == JsonValueKind.String)
                pick = PickOf(member.Value.GetString()!);
            else if (!member.NameEquals("suppliers"))
                return Wrong($"{path}.{member.Name}", "A rule has pick and suppliers.");
            else if (Names(member.Value, $"{path}.suppliers").Is(out var names, out var wrong))
                suppliers = names;
            else
                return wrong;
        return pick is { } given ? new SurvivorshipRule(given, suppliers) : Wrong($"{path}.pick", Picks);
    }

    static Result<string[]> Names(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() > MaxSuppliers)
            return Wrong(path, $"Write a list of at most {MaxSuppliers} suppliers.");
        var names = new List<string>();
        foreach (var item in json.EnumerateArray())
            if (item.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(item.GetString()))
                return Wrong(path, "A supplier is a text that is not empty.");
            else if (names.Contains(item.GetString()!, StringComparer.Ordinal))
                return Wrong(path, $"{item.GetString()} is named twice.");
            else
                names.Add(item.GetString()!);
        return names.ToArray();
    }

    const string Picks = "Pick one of priority, newest, longest, firstFilled and mostAgreed.";

    static Pick? PickOf(string text) =>
        text switch
        {
            "priority" => Pick.Priority,
            "newest" => Pick.Newest,
            "longest" => Pick.Longest,
            "firstFilled" => Pick.FirstFilled,
            "mostAgreed" => Pick.MostAgreed,
            _ => null,
        };

    static Rejection Wrong(string path, string reason) => Invalid.At(path, reason);

    static readonly Rejection Invalid = new(
        "SURVIVORSHIP_INVALID",
        400,
        "The rules of which supplier's value stays cannot be read."
    );
}
