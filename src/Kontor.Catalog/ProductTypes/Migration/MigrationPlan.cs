using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>How the values of one definition become those of the next.</summary>
/// <param name="Ways">For each attribute of the next definition where its values come from.</param>
/// <param name="Left">Attributes of the old definition whose values have no place in the next one, and which no step drops.</param>
sealed record MigrationPlan(
    TypeDefinition From,
    TypeDefinition To,
    IReadOnlyList<MigrationPlan.Way> Ways,
    IReadOnlyList<AttributeDefinition> Left
)
{
    public const int MaxSteps = 200;

    /// <param name="To">The attribute of the next definition.</param>
    /// <param name="From">The attribute that its values come from; null: it begins without any.</param>
    /// <param name="Retype">The step that converts them.</param>
    /// <param name="Default">What takes the place of none.</param>
    public sealed record Way(
        AttributeDefinition To,
        AttributeDefinition? From,
        MigrationStep? Retype,
        JsonElement? Default
    );

    /// <summary>The plan, or what is wrong with the steps.</summary>
    public static Result<MigrationPlan> Of(
        TypeDefinition from,
        string title,
        IReadOnlyList<AttributeDefinition> attributes,
        IReadOnlyList<MigrationStep> steps
    )
    {
        var to = Next(from, title, attributes, steps);
        var faults = to.Faults();
        faults.Unless(steps.Count <= MaxSteps, "migration", $"At most {MaxSteps} steps.");
        if (faults.Count > 0)
            return faults.As(Rejections.ProductTypeInvalid);
        var plan = new PlanReader(from, to, faults).Read(steps);
        return faults.Count == 0 ? plan : faults.As(Rejections.ProductTypeInvalid);
    }

    // Where no step is given nothing is converted: what stands is of the next definition as it is.
    static TypeDefinition Next(
        TypeDefinition from,
        string title,
        IReadOnlyList<AttributeDefinition> attributes,
        IReadOnlyList<MigrationStep> steps
    ) => new(from.Key, title, from.Version + 1, from.Generation + (steps.Count > 0 ? 1 : 0), attributes);

    /// <summary>A plan that was found right when it was made, whose definition is not asked again: rules may have become stricter.</summary>
    public static MigrationPlan Standing(
        TypeDefinition from,
        string title,
        IReadOnlyList<AttributeDefinition> attributes,
        IReadOnlyList<MigrationStep> steps
    )
    {
        var faults = new Faults();
        var plan = new PlanReader(from, Next(from, title, attributes, steps), faults).Read(steps);
        // A default that cannot be matched in time now was when the plan was made.
        return faults.Count == 0 || faults.IsUndecided
            ? plan
            : throw new InvalidOperationException(
                $"The steps that stand for {from.Key} are wrong: {faults.FirstRule}."
            );
    }

    /// <summary>What an attribute is left for: it is gone, or it stands on the other level.</summary>
    public string RuleOf(AttributeDefinition left) =>
        To.Attributes.Any(attribute => attribute.Key == left.Key && attribute.Level != left.Level)
            ? "level"
            : "attribute";

    /// <summary>The attributes in the form of the next definition; what has none is told.</summary>
    public Attributes Convert(Attributes now, Faults faults) =>
        new(
            Convert(AttributeLevel.Product, now.OfProduct, "attributes", faults),
            [
                .. now.OfVariants.Select(
                    (v, i) => Convert(AttributeLevel.Variant, v, $"variants[{i}].attributes", faults)
                ),
            ]
        );

    public IReadOnlyDictionary<string, JsonElement> Convert(
        AttributeLevel level,
        IReadOnlyDictionary<string, JsonElement> now,
        string path,
        Faults faults
    )
    {
        var next = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var way in Ways.Where(way => way.To.Level == level))
        {
            JsonElement? value = way.From is { } from && now.TryGetValue(from.Key, out var found) ? found : null;
            if (Convert(way, value, $"{path}.{way.From?.Key ?? way.To.Key}", faults) is { } converted)
                next.Add(way.To.Key, converted);
        }
        return next;
    }

    /// <summary>One value on its way; null where there is none after it, or it is wrong, which the faults then say.</summary>
    public static JsonElement? Convert(Way way, JsonElement? value, string path, Faults faults)
    {
        var before = faults.Count;
        var converted = value is { } from ? Convert(way, from, path, faults) : null;
        if (converted is null && faults.Count == before && way.Default is { } missing)
            converted = AttributeValues.Read(way.To, missing, path, faults);
        if (converted is null && faults.Count == before && way.To.Required)
            faults.Add(path, "It is required, and nothing takes its place.", "required");
        return converted;
    }

    static JsonElement? Convert(Way way, JsonElement from, string path, Faults faults)
    {
        if (way.Retype is not { Conversion: { } conversion } step)
        {
            var same = AttributeValues.Read(way.To, from, path, faults);
            if (same is not { } written || (JsonElement.DeepEquals(written, from) && way.To.To == way.From!.To))
                return same;
            faults.Add(path, "It means something else under the new definition: it needs a step.", "kind");
            return null;
        }
        var tried = new Faults { Time = faults.Time };
        if (Conversions.Of(conversion, step.Argument, way.To, from) is not { } made)
            tried.Add(path, $"{Conversions.Word(conversion)} cannot convert it.", "conversion");
        else if (AttributeValues.Read(way.To, made, path, tried) is { } converted)
            return converted;
        switch (tried.IsUndecided ? OnError.Refuse : step.OnError)
        {
            case OnError.Drop:
                return null;
            case OnError.Default:
                return AttributeValues.Read(way.To, step.Value!.Value, path, faults);
            default:
                foreach (var (at, reasons) in tried.ByPath)
                    faults.Add(at, reasons[0], tried.FirstRule!);
                return null;
        }
    }
}
