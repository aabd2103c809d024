using System.Globalization;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>The indices behind the alias: the one that is searched, perhaps one that is being built, and the one before, which
/// is kept until the next is begun.</summary>
sealed class Indices(Exchange exchange, OpenSearchOptions options, Spaces spaces)
{
    /// <summary>Writes need an alias, so that none of them makes an index; this is the one of an index that is being built.</summary>
    string Next => options.Alias + "-next";

    /// <summary>Two that come at once agree on the name, and one of them makes it.</summary>
    public async Task Ensure(CancellationToken stop)
    {
        var there = await All(stop);
        if (there.Exists(index => index.Aliases.Contains(options.Alias)))
            return;
        var number = there.Count == 0 ? 1 : there[^1].Number + 1;
        await Make(NameOf(number), options.Alias, refreshes: true, isThereFine: true, stop);
    }

    public async Task<Target> Begin(CancellationToken stop)
    {
        var there = await All(stop);
        foreach (var index in there.Where(index => !index.Aliases.Contains(options.Alias)))
            await exchange.Send(HttpMethod.Delete, NameOf(index.Number), null, stop, absent: true);
        var number = there.Count == 0 ? 1 : there[^1].Number + 1;
        await Make(NameOf(number), Next, refreshes: false, isThereFine: false, stop);
        return new(exchange, options, Next);
    }

    /// <summary>From one moment to the next the alias means the new index.</summary>
    public async Task Switch(CancellationToken stop)
    {
        var there = await All(stop);
        var built =
            there.Find(index => index.Aliases.Contains(Next))
            ?? throw new InvalidOperationException("No index is being built: another one was begun or finished.");
        var actions = new JsonArray(Action("add", built.Number, options.Alias), Action("remove", built.Number, Next));
        foreach (var index in there.Where(index => index.Aliases.Contains(options.Alias)))
            actions.Add(Action("remove", index.Number, options.Alias));
        // As usual from now on: null is the engine's own default.
        await exchange.Send(HttpMethod.Put, $"{NameOf(built.Number)}/_settings", Refreshes(null), stop);
        await exchange.Send(HttpMethod.Post, "_aliases", new JsonObject { ["actions"] = actions }, stop);
    }

    JsonObject Action(string what, int index, string alias) =>
        new()
        {
            [what] = new JsonObject { ["index"] = NameOf(index), ["alias"] = alias },
        };

    static JsonObject Refreshes(string? every) => new() { ["index"] = new JsonObject { ["refresh_interval"] = every } };

    async Task Make(string name, string alias, bool refreshes, bool isThereFine, CancellationToken stop)
    {
        var shape = IndexShape.Of(options, spaces);
        if (!refreshes)
            shape["settings"]!["index"]!["refresh_interval"] = "-1"; // The shape has both.
        shape["aliases"] = new JsonObject { [alias] = new JsonObject() };
        try
        {
            await exchange.Send(HttpMethod.Put, name, shape, stop);
        }
        catch (SearchEngineException refused) when (isThereFine && refused.Kind == "resource_already_exists_exception")
        {
            // Made by another process, or by our own first attempt whose answer was lost.
        }
    }

    string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{options.Alias}-{number}");

    /// <summary>By their numbers. Others may have names that begin the same.</summary>
    async Task<List<Index>> All(CancellationToken stop)
    {
        var reply = await exchange.Send(HttpMethod.Get, $"{options.Alias}-*/_alias", null, stop, absent: true);
        if (!reply.IsFine || reply.Body is not JsonObject body)
            return [];
        return
        [
            .. body.Select(index =>
                    (
                        Number: NumberOf(index.Key),
                        Aliases: index.Value?["aliases"] is JsonObject aliases
                            ? aliases.Select(alias => alias.Key).ToHashSet(StringComparer.Ordinal)
                            : []
                    )
                )
                .Where(index => index.Number is not null)
                .Select(index => new Index(index.Number.GetValueOrDefault(), index.Aliases))
                .OrderBy(index => index.Number),
        ];
    }

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
