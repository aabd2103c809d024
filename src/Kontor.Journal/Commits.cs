using Npgsql;

namespace Kontor.Journal;

/// <summary>Commits are never cut short (DESIGN §2).</summary>
public static class Commits
{
    // class 01, a warning: the server says so when the wait for a synchronous standby is cancelled, and then reports the
    // commit as done. The rows are here, and lost when a failover comes.
    const string Warning = "01000";
    const string CutShort = "synchronous replication";

    /// <summary>Commits without anybody's abort token or timeout.</summary>
    /// <exception cref="CommitOutcomeUnknownException">The commit may or may not have happened: answer 503, and let the
    /// same idempotency key be tried again.</exception>
    public static async Task CommitWhole(this NpgsqlTransaction transaction)
    {
        var connection = transaction.Connection ?? throw new InvalidOperationException("The transaction is over.");
        var isCutShort = false;
        void Listen(object sender, NpgsqlNoticeEventArgs told) =>
            isCutShort |=
                told.Notice.SqlState == Warning && told.Notice.MessageText.Contains(CutShort, StringComparison.Ordinal);

        connection.Notice += Listen;
        try
        {
            // A command of our own, since NpgsqlTransaction.CommitAsync obeys the connection's command timeout.
            await using var commit = new NpgsqlCommand("commit", connection, transaction) { CommandTimeout = 0 };
            await commit.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException e) when (e is not PostgresException { SqlState: var state } || IsEndOfSession(state))
        {
            throw new CommitOutcomeUnknownException(e);
        }
        finally
        {
            connection.Notice -= Listen;
        }
        if (isCutShort)
            throw new CommitOutcomeUnknownException(null);
    }

    // 57P01 and its like come when the server ends the session, which it may do after the commit is on its disk.
    static bool IsEndOfSession(string state) => state.StartsWith("57P", StringComparison.Ordinal);
}

/// <summary>A commit was sent and not clearly answered.</summary>
public sealed class CommitOutcomeUnknownException(Exception? cause)
    : Exception("Whether the commit happened is unknown.", cause);
