using System.Globalization;
using GraphQLParser.AST;
using Kontor.Kernel;

namespace Kontor.Platform.Graph;

/// <summary>What a parsed document may ask for, measured before it is validated or executed: validation compares fields
/// with each other and would itself be the work that is to be refused.</summary>
/// <remarks>The walk follows fragments where they are spread, and ends at <see cref="MaxSelections"/>, so fragments that
/// spread each other cost no more than that, here and in validation, which compares every field with every other of its
/// name. Fragments that no operation spreads are walked as well: validation does not pass them over.</remarks>
sealed class DocumentLimits(IReadOnlyDictionary<string, int> lengths)
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
    public const int DefaultPage = 20;

    static readonly Place Top = new(0, 0, 0, 1, 1);

    readonly Dictionary<string, GraphQLFragmentDefinition> fragments = new(StringComparer.Ordinal);
    readonly HashSet<GraphQLFragmentDefinition> spread = [];
    int selections;
    int spreads;
    int aliases;
    long cost;
    long values;

    public static Rejection? Check(GraphQLDocument document, IReadOnlyDictionary<string, int> lengths)
    {
        var limits = new DocumentLimits(lengths);
        foreach (var fragment in document.Definitions.OfType<GraphQLFragmentDefinition>())
            limits.fragments.TryAdd(fragment.FragmentName.Name.StringValue, fragment);
        foreach (var operation in document.Definitions.OfType<GraphQLOperationDefinition>())
            if (limits.Walk(operation.SelectionSet, Top) is { } refusal)
                return refusal;
        foreach (var fragment in document.Definitions.OfType<GraphQLFragmentDefinition>())
            if (!limits.spread.Contains(fragment) && limits.Walk(fragment.SelectionSet, Top) is { } refusal)
                return refusal;
        return null;
    }

    Rejection? Walk(GraphQLSelectionSet? set, Place at)
    {
        foreach (var selection in set?.Selections ?? [])
            if (Visit(selection, at) is { } refusal)
                return refusal;
        return null;
    }

    Rejection? Visit(ASTNode selection, Place at)
    {
        if (++selections > MaxSelections)
            return GraphRefusals.QueryTooComplex;
        return selection switch
        {
            GraphQLField field => Field(field, at),
            GraphQLInlineFragment inline => Walk(inline.SelectionSet, at),
            // Spreads within spreads without a field between are a ring sooner or later.
            GraphQLFragmentSpread when at.Spreads >= 32 => GraphRefusals.QueryTooDeep,
            GraphQLFragmentSpread named => Spread(named, at with { Spreads = at.Spreads + 1 }),
            _ => null,
        };
    }

    Rejection? Spread(GraphQLFragmentSpread named, Place at)
    {
        if (!fragments.TryGetValue(named.FragmentName.Name.StringValue, out var fragment))
            return null;
        if (++spreads > MaxSpreads)
            return GraphRefusals.QueryTooComplex;
        spread.Add(fragment);
        return Walk(fragment.SelectionSet, at);
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
        cost += at.Times;
        values += at.Values;
        if (cost > MaxCost || values > MaxValues)
            return GraphRefusals.QueryTooComplex;
        var page = PageOf(field);
        return Walk(
            field.SelectionSet,
            new(
                depth,
                lists,
                0,
                Math.Min(at.Times * (page ?? 1), MaxCost + 1L),
                Math.Min(at.Values * (page ?? lengths.GetValueOrDefault(name, 1)), MaxValues + 1L)
            )
        );
    }

    /// <summary>How often the fields below stand in the answer; null where the field is no page.</summary>
    static long? PageOf(GraphQLField field)
    {
        var first = field.Arguments?.FirstOrDefault(argument => argument.Name.StringValue == "first")?.Value;
        return first switch
        {
            GraphQLIntValue literal
                when int.TryParse(literal.Value.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var page) =>
                Math.Clamp(page, 1, MaxPage),
            null => IsConnection(field) ? DefaultPage : null,
            _ => MaxPage,
        };
    }

    static bool IsConnection(GraphQLField field) =>
        field.SelectionSet?.Selections.OfType<GraphQLField>().Any(below => below.Name.StringValue == "nodes") == true;

    readonly record struct Place(int Depth, int TypeLists, int Spreads, long Times, long Values);
}
