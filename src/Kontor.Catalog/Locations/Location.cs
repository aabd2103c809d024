using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Locations;

/// <summary>A place where goods are.</summary>
/// <param name="Key">Its owner's name for it; never changes.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Priority">Lower is asked first when stock is reserved; equal ones by key.</param>
/// <param name="Active">Whether its stock is offered, and goods may come to it.</param>
/// <param name="Version">Its ETag.</param>
public sealed record LocationView(string Key, string Title, int Priority, bool Active, long Version);

/// <summary>What the features of a location share.</summary>
static class Location
{
    public const int MaxPriority = 1_000_000;
    public const string Columns = "key, title, priority, active, version";

    /// <summary>The location, locked until the end; null where there is none.</summary>
    public static async Task<LocationView?> Lock(Work work, string key, CancellationToken stop)
    {
        await using var find = work.Command($"select {Columns} from locations where key = $1 for update", key);
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? Of(reader) : null;
    }

    public static async Task<IReadOnlyList<LocationView>> Read(
        CatalogDatabase database,
        string choice,
        CancellationToken stop,
        params object[] values
    )
    {
        await using var find = database
            .Source.CreateCommand($"select {Columns} from locations where {choice}")
            .With(values);
        var found = new List<LocationView>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(Of(reader));
        return found;
    }

    public static Reply<LocationView> Answer(LocationView location, int status = 200) =>
        Reply<LocationView>.Of(
            location,
            status,
            location.Version,
            status == 201 ? $"/api/v1/locations/{location.Key}" : null
        );

    static LocationView Of(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetBoolean(3), row.GetInt64(4));
}
