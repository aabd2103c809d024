using System.Text.Json;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>Whom a change can break.</summary>
public enum Breaks
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>Who writes products as before is refused.</summary>
    Writers,

    /// <summary>And who reads them finds something else, or nothing.</summary>
    ReadersAndWriters,
}

/// <summary>One difference between two definitions of a type.</summary>
/// <param name="Attribute">Its key in the new definition, or in the old one where it goes; absent for the type itself.</param>
/// <param name="Rule">What differs: <c>attribute</c>, <c>conversion</c> (a step rewrites the values), or the member of the
/// definition.</param>
/// <param name="Breaks">Whom it can break.</param>
/// <param name="Tightens">Whether a value that was right may be wrong now.</param>
sealed record Change(string? Attribute, string Rule, Breaks Breaks, bool Tightens)
{
    /// <summary>The rule: every difference between two definitions, with what it can break. It knows no products.</summary>
    public static IReadOnlyList<Change> Between(MigrationPlan plan) =>
        [
            .. plan.From.Title == plan.To.Title ? [] : new[] { Free(null, "title") },
            .. plan.Ways.SelectMany(Of),
            .. plan.Left.Select(gone => new Change(gone.Key, plan.RuleOf(gone), Breaks.ReadersAndWriters, true)),
            .. plan
                .From.Attributes.Where(old => !plan.Left.Contains(old) && plan.Ways.All(way => way.From != old))
                .Select(dropped => new Change(dropped.Key, "attribute", Breaks.ReadersAndWriters, false)),
        ];

    static IEnumerable<Change> Of(MigrationPlan.Way way) =>
        way.From is { } from ? [.. Of(from, way.To), .. Rewritten(way)]
        : way.To.Required ? [new(way.To.Key, "required", Breaks.Writers, true)]
        : [Free(way.To.Key, "attribute")];

    /// <summary>Other values are another form, though the definition may be the same: metres that were feet.</summary>
    static IEnumerable<Change> Rewritten(MigrationPlan.Way way) =>
        way.Retype is null or { Conversion: Conversion.Keep, OnError: OnError.Refuse }
            ? []
            : [new(way.To.Key, "conversion", Breaks.ReadersAndWriters, true)];

    static IEnumerable<Change> Of(AttributeDefinition old, AttributeDefinition now)
    {
        var key = now.Key;
        if (old.Key != now.Key)
            yield return new(key, "attribute", Breaks.ReadersAndWriters, false);
        foreach (var (rule, differs) in Forms(old, now))
            if (differs)
                yield return new(key, rule, Breaks.ReadersAndWriters, true);
        foreach (var (rule, difference) in Rules(old, now))
            if (difference is { } tightens)
                yield return new(key, rule, tightens ? Breaks.Writers : Breaks.None, tightens);
        if (old.Title != now.Title)
            yield return Free(key, "title");
        if (RawOf(old.Default) != RawOf(now.Default))
            yield return Free(key, "default");
        if (!(old.Index ?? []).ToHashSet().SetEquals(now.Index ?? []))
            yield return Free(key, "index");
    }

    static IEnumerable<(string Rule, bool Differs)> Forms(AttributeDefinition old, AttributeDefinition now) =>
        [
            ("kind", old.Kind != now.Kind),
            ("list", old.List != now.List),
            ("unit", old.Unit != now.Unit),
            ("to", old.To != now.To),
        ];

    /// <summary>Null: no difference; true: fewer values are right than before; false: more.</summary>
    static IEnumerable<(string Rule, bool? Tightens)> Rules(AttributeDefinition old, AttributeDefinition now) =>
        [
            ("required", Differs(old.Required, now.Required)),
            ("unique", Differs(old.Unique, now.Unique)),
            ("pattern", old.Pattern == now.Pattern ? null : now.Pattern is not null),
            ("min", Differs(old.Min, now.Min, now.Min > old.Min)),
            ("max", Differs(old.Max, now.Max, now.Max < old.Max)),
            ("minLength", Differs(old.MinLength, now.MinLength, now.MinLength > old.MinLength)),
            ("maxLength", Differs(old.LengthAtMost, now.LengthAtMost, now.LengthAtMost < old.LengthAtMost)),
            ("from", Differs(old.From, now.From, string.CompareOrdinal(now.From, old.From) > 0)),
            ("until", Differs(old.Until, now.Until, string.CompareOrdinal(now.Until, old.Until) < 0)),
            ("values", Values(old.Values ?? [], now.Values ?? [])),
        ];

    static bool? Differs(bool old, bool now) => old == now ? null : now;

    /// <summary>A bound that comes tightens, one that goes does not.</summary>
    static bool? Differs<T>(T? old, T? now, bool narrower) =>
        EqualityComparer<T>.Default.Equals(old, now) ? null : now is not null && (old is null || narrower);

    static bool? Values(IReadOnlyList<string> old, IReadOnlyList<string> now) =>
        old.Except(now, StringComparer.Ordinal).Any() ? true
        : old.SequenceEqual(now, StringComparer.Ordinal) ? null
        : false;

    static string? RawOf(JsonElement? value) => value?.GetRawText();

    static Change Free(string? attribute, string rule) => new(attribute, rule, Breaks.None, false);
}
