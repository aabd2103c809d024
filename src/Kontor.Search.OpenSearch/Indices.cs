using System.Globalization;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>The indices behind the alias: the one that is searched, perhaps one that is being built, and the one before, which
/// is kept until the next is begun.</summary>
sealed class Indices(Exchange exchange, OpenSearchOptions options, Spaces spaces)
{
    /// <summary>Two that come at once agree on the name, and one of them makes it.</summary>
    public async Task Ensure(CancellationToken stop)
    {
        var there = await All(stop);
        if (!there.Exists(IsServing))
            await Make(NumberAfter(there), options.Alias, refreshes: true, stop);
    }

    /// <returns>The number of the new index and its alias for writing.</returns>
    public async Task<(int Number, Target Target)> Begin(CancellationToken stop)
    {
        var there = await All(stop);
        await Sweep(stop);
        var number = NumberAfter(there);
        await Make(number, Building(number), refreshes: false, stop);
        return (number, new(exchange, options, Building(number)));
    }

    /// <summary>From one moment to the next the alias means the new index.</summary>
    public async Task Switch(int number, CancellationToken stop)
    {
        // As usual from now on: null is the engine's own default.
        var refreshes = new JsonObject { ["index"] = new JsonObject { ["refresh_interval"] = null } };
        await exchange.Send(HttpMethod.Put, $"{NameOf(number)}/_settings", refreshes, stop);
        var there = await All(stop);
        var actions = new JsonArray(Action("add", number, options.Alias), Action("remove", number, Building(number)));
        foreach (var index in there.Where(IsServing))
            actions.Add(Action("remove", index.Number, options.Alias));
        try
        {
            await exchange.Send(HttpMethod.Post, "_aliases", new JsonObject { ["actions"] = actions }, stop);
        }
        catch (SearchEngineException) when (!stop.IsCancellationRequested)
        {
            // Done by an attempt whose answer was lost, the next finds nothing to remove.
            if (!(await All(stop)).Exists(index => index.Number == number && IsServing(index)))
                throw;
        }
    }

    public async Task Sweep(CancellationToken stop)
    {
        foreach (var index in (await All(stop)).Where(index => !IsServing(index)))
            await exchange.Send(HttpMethod.Delete, NameOf(index.Number), null, stop, absent: true);
    }

    public async Task Drop(CancellationToken stop)
    {
        foreach (var index in await All(stop))
            await exchange.Send(HttpMethod.Delete, NameOf(index.Number), null, stop, absent: true);
    }

    /// <summary>Aliases <c>prefix-shape</c> that there are indices of.</summary>
    public async Task<IReadOnlyList<string>> Shapes(string prefix, CancellationToken stop)
    {
        var reply = await exchange.Send(HttpMethod.Get, $"{prefix}-*/_alias", null, stop, absent: true);
        if (!reply.IsFine || reply.Body is not JsonObject body)
            return [];
        return
        [
            .. body.Select(index => index.Key[..Math.Max(0, index.Key.LastIndexOf('-'))])
                .Where(alias =>
                    alias.Length == prefix.Length + 9 && alias[(prefix.Length + 1)..].All(char.IsAsciiHexDigitLower)
                )
                .Distinct(StringComparer.Ordinal),
        ];
    }

    bool IsServing(Index index) => index.Aliases.Contains(options.Alias);

    /// <summary>What an index is written by until it is searched. Writes name an alias, so that none of them makes an index, and one
    /// of its own, so that a build that was given up for another does not write into that.</summary>
    string Building(int number) => string.Create(CultureInfo.InvariantCulture, $"{options.Alias}-next-{number}");

    string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{options.Alias}-{number}");

    static int NumberAfter(List<Index> there) => there.Count == 0 ? 1 : there[^1].Number + 1;

    JsonObject Action(string what, int index, string alias) =>
        new()
        {
            [what] = new JsonObject { ["index"] = NameOf(index), ["alias"] = alias },
        };

    async Task Make(int number, string alias, bool refreshes, CancellationToken stop)
    {
        var shape = IndexShape.Of(options, spaces);
        if (!refreshes)
            shape["settings"]!["index"]!["refresh_interval"] = "-1"; // The shape has both.
        shape["aliases"] = new JsonObject { [alias] = new JsonObject() };
        try
        {
            await exchange.Send(HttpMethod.Put, NameOf(number), shape, stop);
        }
        catch (SearchEngineException refused) when (refused.Kind == "resource_already_exists_exception")
        {
            // Made by another process, or by our own first attempt whose answer was lost.
        }
    }

    /// <summary>By their numbers. Others may have names that begin the same.</summary>
    async Task<List<Index>> All(CancellationToken stop)
    {
        var reply = await exchange.Send(HttpMethod.Get, $"{options.Alias}-*/_alias", null, stop, absent: true);
        if (!reply.IsFine || reply.Body is not JsonObject body)
            return [];
        return
        [
            .. body.Select(index => (Number: NumberOf(index.Key), Aliases: AliasesOf(index.Value)))
                .Where(index => index.Number is not null)
                .Select(index => new Index(index.Number.GetValueOrDefault(), index.Aliases))
                .OrderBy(index => index.Number),
        ];
    }

    static HashSet<string> AliasesOf(JsonNode? index) =>
        index?["aliases"] is JsonObject aliases
            ? aliases.Select(alias => alias.Key).ToHashSet(StringComparer.Ordinal)
            : [];

    int? NumberOf(string name) =>
        int.TryParse(
            name.AsSpan(options.Alias.Length + 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    sealed record Index(int Number, HashSet<string> Aliases);
}
