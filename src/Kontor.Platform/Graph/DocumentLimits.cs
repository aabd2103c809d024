using System.Globalization;
using GraphQLParser.AST;
using Kontor.Kernel;

namespace Kontor.Platform.Graph;

/// <summary>What a parsed document may ask for, measured before it is validated or executed: validation compares fields
/// with each other and would itself be the work that is to be refused.</summary>
/// <remarks>The walk follows fragments where they are spread, and ends at <see cref="MaxSelections"/>, so fragments that
/// spread each other cost no more than that, here and in validation, which compares every field with every other of its
/// name. Fragments that no operation spreads are walked as well: validation does not pass them over.</remarks>
sealed class DocumentLimits(FieldCosts costs)
{
    public const int MaxDepth = 12;
    public const int MaxAliases = 30;
    public const int MaxPage = 100;
    public const int MaxCost = 10_000;

    /// <summary>Values with those of lists that are no pages, such as the variants of a product, each as long as it is
    /// taken for.</summary>
    public const int MaxValues = 100_000;

    /// <summary>Fields and spreads, each as often as it stands in the document with its fragments filled in.</summary>
    public const int MaxSelections = 1_000;

    /// <summary>Of these, spreads: validation compares each pair of fragments, which costs more than a pair of fields.</summary>
    public const int MaxSpreads = 200;

    /// <summary>Each as often as what it stands at: validation looks at all of one place together.</summary>
    public const int MaxDirectives = 100;
    public const int DefaultPage = 20;

    /// <summary>Fields of one name in the answer that stand in one place: each pair of them is compared.</summary>
    public const int MaxSame = 64;

    static readonly Place Top = new(0, 0, 0, 1, 1);

    readonly Dictionary<string, GraphQLFragmentDefinition> fragments = new(StringComparer.Ordinal);
    readonly HashSet<GraphQLFragmentDefinition> spread = [];

    /// <summary>What is still to be walked: a stack of our own, since how deep fragments go is the client's choice.</summary>
    readonly Stack<Step> open = new();
    int directives;
    readonly Dictionary<int, int> seen = [];
    int selections;
    int spreads;
    int aliases;
    long cost;
    long values;

    public static Result<QueryCost> Check(GraphQLDocument document, FieldCosts costs)
    {
        var limits = new DocumentLimits(costs);
        return limits.Refusal(document) is { } refusal ? refusal : new QueryCost(limits.cost, limits.values);
    }

    Rejection? Refusal(GraphQLDocument document)
    {
        foreach (var definition in document.Definitions)
            if (definition is GraphQLFragmentDefinition fragment)
                fragments.TryAdd(fragment.FragmentName.Name.StringValue, fragment);
            else if (definition is not GraphQLOperationDefinition)
                return GraphRefusals.SyntaxError.Because(
                    "A document that is executed has operations and fragments only."
                );
        foreach (var operation in document.Definitions.OfType<GraphQLOperationDefinition>())
            if ((DirectivesOf(operation) ?? Walk(operation.SelectionSet, Top)) is { } refusal)
                return refusal;
        foreach (var fragment in document.Definitions.OfType<GraphQLFragmentDefinition>())
            if (Directives(fragment) is { } refusal)
                return refusal;
            else if (!spread.Contains(fragment) && Walk(fragment.SelectionSet, Top) is { } within)
                return within;
        return null;
    }

    Rejection? Walk(GraphQLSelectionSet? set, Place at)
    {
        Open(set, at);
        while (open.TryPop(out var step))
        {
            if (step.Next + 1 < step.Selections.Count)
                open.Push(step with { Next = step.Next + 1 });
            if (Visit(step.Selections[step.Next], step.At) is { } refusal)
                return refusal;
        }
        return null;
    }

    void Open(GraphQLSelectionSet? set, Place at)
    {
        if (set?.Selections is { Count: > 0 } selected)
            open.Push(new(selected, 0, at));
    }

    Rejection? DirectivesOf(GraphQLOperationDefinition operation)
    {
        foreach (var variable in operation.Variables?.Items ?? [])
            if (Directives(variable) is { } refusal)
                return refusal;
        return Directives(operation);
    }

    Rejection? Directives(ASTNode at) =>
        at is IHasDirectivesNode { Directives: { } here } && (directives += here.Count) > MaxDirectives
            ? GraphRefusals.TooManyDirectives
            : null;

    Rejection? Visit(ASTNode selection, Place at)
    {
        if (++selections > MaxSelections)
            return GraphRefusals.QueryTooComplex.Because($"It has more than {MaxSelections} fields and spreads.");
        if (Directives(selection) is { } tooMany)
            return tooMany;
        switch (selection)
        {
            case GraphQLField field:
                return Field(field, at);
            case GraphQLInlineFragment inline:
                Open(inline.SelectionSet, at);
                return null;
            // Spreads within spreads without a field between are a ring sooner or later.
            case GraphQLFragmentSpread when at.Spreads >= 32:
                return GraphRefusals.QueryTooDeep;
            case GraphQLFragmentSpread named:
                return Spread(named, at with { Spreads = at.Spreads + 1 });
            default:
                return null;
        }
    }

    Rejection? Spread(GraphQLFragmentSpread named, Place at)
    {
        if (!fragments.TryGetValue(named.FragmentName.Name.StringValue, out var fragment))
            return null;
        if (++spreads > MaxSpreads)
            return GraphRefusals.QueryTooComplex.Because($"It has more than {MaxSpreads} spreads.");
        spread.Add(fragment);
        Open(fragment.SelectionSet, at);
        return null;
    }

    Rejection? Field(GraphQLField field, Place at)
    {
        var name = field.Name.StringValue;
        if (field.Alias is not null && ++aliases > MaxAliases)
            return GraphRefusals.TooManyAliases;
        // A chain of ofType costs nothing, and the usual introspection asks for nine; lists within lists of types do.
        var lists = at.TypeLists + (name is "fields" or "inputFields" or "interfaces" or "possibleTypes" ? 1 : 0);
        var depth = at.Depth + (name == "ofType" ? 0 : 1);
        if (depth > MaxDepth || lists > 2)
            return GraphRefusals.QueryTooDeep;
        // Validation compares each field with every other of its name in the same place.
        var path = HashCode.Combine(at.Path, field.Alias?.Name.StringValue ?? name);
        var same = seen[path] = seen.GetValueOrDefault(path) + 1;
        if (same > MaxSame)
            return GraphRefusals.QueryTooComplex.Because($"A field stands more than {MaxSame} times in one place.");
        cost += at.Times * costs.Own.GetValueOrDefault(name, 1);
        values += at.Values;
        if (cost > MaxCost)
            return GraphRefusals.QueryTooComplex.Because($"It costs more than {MaxCost}.");
        if (values > MaxValues)
            return GraphRefusals.QueryTooComplex.Because($"It asks for more than {MaxValues} values.");
        var page = PageOf(field);
        Open(
            field.SelectionSet,
            new(
                depth,
                lists,
                0,
                Math.Min(at.Times * (page ?? 1), MaxCost + 1L),
                Math.Min(at.Values * (page ?? costs.Lengths.GetValueOrDefault(name, 1)), MaxValues + 1L),
                path
            )
        );
        return null;
    }

    /// <summary>How often the fields below stand in the answer; null where the field is no page.</summary>
    long? PageOf(GraphQLField field)
    {
        var first = field.Arguments?.FirstOrDefault(argument => argument.Name.StringValue == "first")?.Value;
        return first switch
        {
            GraphQLIntValue literal
                when int.TryParse(literal.Value.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var page) =>
                Math.Clamp(page, 1, MaxPage),
            null => costs.Pages.Contains(field.Name.StringValue) || IsConnection(field) ? DefaultPage : null,
            _ => MaxPage,
        };
    }

    /// <summary>Where types disagree whether a field of the name is a page.</summary>
    static bool IsConnection(GraphQLField field) =>
        field.SelectionSet?.Selections.OfType<GraphQLField>().Any(below => below.Name.StringValue == "nodes") == true;

    readonly record struct Place(int Depth, int TypeLists, int Spreads, long Times, long Values, int Path = 0);

    readonly record struct Step(List<ASTNode> Selections, int Next, Place At);
}

/// <summary>What a document asks for: values by the pages that they are in, and with the lists that are no pages.</summary>
sealed record QueryCost(long Asked, long Values);
