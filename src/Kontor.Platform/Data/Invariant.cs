using Npgsql;

namespace Kontor.Platform.Data;

/// <summary>Something that is always true of a service's data, as a query for what breaks it.</summary>
/// <param name="Rule">Its name in reports.</param>
/// <param name="Violations">Selects one text for each violation; nothing when the rule holds.</param>
public sealed record Invariant(string Rule, string Violations)
{
    const int MaxReported = 100;

    public async Task<IReadOnlyList<string>> Check(NpgsqlDataSource source, CancellationToken stop)
    {
        await using var command = source.CreateCommand($"select * from ({Violations}) broken limit {MaxReported}");
        command.CommandTimeout = 0; // It reads everything, by an operator's wish.
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(reader.GetString(0));
        return found;
    }
}
