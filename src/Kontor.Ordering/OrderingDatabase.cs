using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Ordering;

/// <summary>The order service's schema, role and journal.</summary>
public sealed class OrderingDatabase(NpgsqlDataSource source, TimeProvider clock)
    : ServiceDatabase("ordering", source, clock);

/// <summary>Words for statements and rows that the driver lacks.</summary>
static class Statements
{
    /// <summary>Runs a statement once and says how many rows it touched.</summary>
    public static async Task<int> Run(this NpgsqlCommand command, CancellationToken stop)
    {
        await using (command)
            return await command.ExecuteNonQueryAsync(stop);
    }

    extension(NpgsqlDataReader row)
    {
        public string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        public byte[]? Bytes(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

        public Guid? Uuid(int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

        public DateTimeOffset? Moment(int column) =>
            row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}
