using System.Data;
using Npgsql;

namespace Kontor.Journal;

/// <summary>Sessions that were set up for one purpose.</summary>
static class Sessions
{
    /// <summary>Undoes what was set, before the connection goes back to its pool: a pool may be told to reset nothing, since
    /// that costs every request of a shop seven commands.</summary>
    public static async Task Restore(this NpgsqlConnection connection)
    {
        if (connection.FullState != ConnectionState.Open)
            return;
        try
        {
            await using var restore = new NpgsqlCommand("unlisten *; reset all", connection);
            await restore.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is NpgsqlException or IOException or TimeoutException)
        {
            // A broken connection goes back to no pool.
        }
    }
}
