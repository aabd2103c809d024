using Npgsql;

namespace Kontor.Platform.Data;

/// <summary>Statements with positional parameters ($1, $2 …), without ceremony.</summary>
/// <remarks>An array of references that is the only value is cast to <c>object</c>, or C# takes its elements for the
/// values.</remarks>
public static class Sql
{
    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Fill(values);
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>One parameter that is a list: without this overload C# would hand over each element as a parameter.</summary>
    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, string[] list) => batch.Add(sql, [(object)list]);

    public static NpgsqlCommand With(this NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        command.Parameters.Fill(values);
        return command;
    }

    /// <summary>One parameter that is a list, as above.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, string[] list) => command.With([(object)list]);

    static void Fill(this NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
            parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
    }

    /// <summary>Runs a statement that is asked once, and reads its rows.</summary>
    public static async Task<IReadOnlyList<T>> Rows<T>(
        this NpgsqlCommand find,
        Func<NpgsqlDataReader, T> of,
        CancellationToken stop
    )
    {
        await using (find)
        {
            var found = new List<T>();
            await using var reader = await find.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                found.Add(of(reader));
            return found;
        }
    }

    /// <summary>The same of one that finds one row or none.</summary>
    public static async Task<T?> Row<T>(this NpgsqlCommand find, Func<NpgsqlDataReader, T> of, CancellationToken stop)
        where T : class
    {
        await using (find)
        {
            await using var reader = await find.ExecuteReaderAsync(stop);
            return await reader.ReadAsync(stop) ? of(reader) : null;
        }
    }
}
