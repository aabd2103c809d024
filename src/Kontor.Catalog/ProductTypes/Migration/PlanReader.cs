using System.Diagnostics;
using System.Text.Json;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>Reads the steps of a migration into a plan, and says what is wrong with them.</summary>
sealed class PlanReader(TypeDefinition from, TypeDefinition to, Faults faults)
{
    const string NotThere = "The new definition has no such attribute.";

    readonly Dictionary<string, AttributeDefinition> old = ByKey(from);
    readonly Dictionary<string, AttributeDefinition> next = ByKey(to);
    readonly Dictionary<string, string> sources = ByKey(from)
        .Values.Where(attribute =>
            to.Attributes.Any(same => same.Key == attribute.Key && same.Level == attribute.Level)
        )
        .ToDictionary(attribute => attribute.Key, attribute => attribute.Key, StringComparer.Ordinal);
    readonly HashSet<string> dropped = new(StringComparer.Ordinal);
    readonly Dictionary<string, MigrationStep> retyped = new(StringComparer.Ordinal);
    readonly Dictionary<string, JsonElement> defaults = new(StringComparer.Ordinal);

    public MigrationPlan Read(IReadOnlyList<MigrationStep> steps)
    {
        // Drops first, then renames, so that a key that goes may be taken by another attribute, in whatever order they stand.
        foreach (var (i, step) in steps.Index().OrderByDescending(s => s.Item.Do).ThenBy(s => s.Index))
            Take(step, $"migration[{i}]");
        if (faults.Count > 0)
            return new(from, to, [], []);
        MigrationPlan.Way[] ways =
        [
            .. to.Attributes.Select(attribute => new MigrationPlan.Way(
                attribute,
                sources.TryGetValue(attribute.Key, out var source) ? old[source] : null,
                retyped.GetValueOrDefault(attribute.Key),
                defaults.TryGetValue(attribute.Key, out var value) ? value : null
            )),
        ];
        foreach (var (i, step) in steps.Index().Where(s => s.Item.Do is StepKind.Retype or StepKind.Default))
            Check(step, ways.First(way => way.To.Key == step.Attribute), $"migration[{i}]");
        var used = sources.Values.ToHashSet(StringComparer.Ordinal);
        return new(from, to, ways, [.. from.Attributes.Where(a => !used.Contains(a.Key) && !dropped.Contains(a.Key))]);
    }

    void Take(MigrationStep step, string path)
    {
        switch (step.Do)
        {
            case StepKind.Drop:
                faults.Unless(old.ContainsKey(step.Attribute), $"{path}.attribute", "The type has no such attribute.");
                faults.Unless(dropped.Add(step.Attribute), path, "It is dropped once.");
                sources.Remove(step.Attribute);
                break;
            case StepKind.Rename:
                Rename(step, path);
                break;
            case StepKind.Retype:
                faults.Unless(next.ContainsKey(step.Attribute), $"{path}.attribute", NotThere);
                faults.Unless(step.Conversion is not null, $"{path}.conversion", "Say which conversion.");
                faults.Unless(retyped.TryAdd(step.Attribute, step), path, "It is retyped once.");
                break;
            case StepKind.Default:
                faults.Unless(next.ContainsKey(step.Attribute), $"{path}.attribute", NotThere);
                faults.Unless(defaults.TryAdd(step.Attribute, step.Value ?? default), path, "It gets one default.");
                break;
            default:
                throw new UnreachableException($"A step of the kind {step.Do}");
        }
    }

    void Rename(MigrationStep step, string path)
    {
        if (!old.TryGetValue(step.Attribute, out var attribute) || dropped.Contains(step.Attribute))
            faults.Add($"{path}.attribute", "The type has no such attribute, or it is dropped.");
        else if (step.To is null || !next.TryGetValue(step.To, out var renamed))
            faults.Add($"{path}.to", NotThere);
        else if (renamed.Level != attribute.Level)
            faults.Add($"{path}.to", "It is on the other level.");
        else if (sources.TryGetValue(step.To, out var taken) && taken != step.To)
            faults.Add($"{path}.to", "Another attribute is renamed to it.");
        else
        {
            // Unless another one was renamed to the old key before: two attributes may change places.
            if (sources.GetValueOrDefault(step.Attribute) == step.Attribute)
                sources.Remove(step.Attribute);
            sources[step.To] = step.Attribute;
        }
    }

    void Check(MigrationStep step, MigrationPlan.Way way, string path)
    {
        var needsValue = step.Do == StepKind.Default || step.OnError == OnError.Default;
        faults.Unless(
            needsValue == step.Value is not null,
            $"{path}.value",
            "A default has a value; a conversion has one where onError is default."
        );
        faults.Unless(
            step.Value is null || way.To is { Kind: not AttributeKind.Reference, Unique: false },
            $"{path}.value",
            "References and unique attributes get no default."
        );
        if (step.Value is { } value)
        {
            var before = faults.Count;
            var read = AttributeValues.Read(way.To, value, $"{path}.value", faults);
            faults.Unless(read is not null || faults.Count > before, $"{path}.value", "It is no value.");
        }
        if (step.Do == StepKind.Retype && way.From is null)
            faults.Add($"{path}.attribute", "There is nothing to convert: the attribute is new.");
        else if (
            step is { Do: StepKind.Retype, Conversion: { } conversion }
            && Conversions.FaultOf(conversion, step.Argument, way.From!, way.To) is { } fault
        )
            faults.Add($"{path}.conversion", fault);
    }

    static Dictionary<string, AttributeDefinition> ByKey(TypeDefinition type) =>
        type.Attributes.ToDictionary(attribute => attribute.Key, StringComparer.Ordinal);
}
