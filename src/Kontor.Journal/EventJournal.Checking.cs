using System.Data;
using System.Globalization;
using Npgsql;

namespace Kontor.Journal;

/// <summary>Something that must never be true of a journal, found by <see cref="EventJournal.Check"/>.</summary>
/// <param name="Rule">Which promise is broken: <c>dense</c>, <c>head</c>, <c>stream</c>, <c>order</c>, <c>mark</c>.</param>
public sealed record JournalFinding(string Rule, string What);

public sealed partial class EventJournal
{
    const int MaxFindingsPerRule = 20;

    static readonly (string Rule, string Sql)[] Checks =
    [
        (
            "dense",
            """
            select 'no event has a sequence in ' || before + 1 || '..' || sequence - 1
            from (select sequence, coalesce(lag(sequence) over (order by sequence), 0) as before
                  from journal where sequence is not null) s
            where sequence <> before + 1 order by sequence
            """
        ),
        (
            "head",
            """
            select 'the head is ' || head || ', the last sequence ' || last
            from head, (select coalesce(max(sequence), 0) as last from journal) j where head <> last
            """
        ),
        (
            "stream",
            """
            select 'stream ' || coalesce(j.stream, s.id) || ' holds ' || coalesce(j.count, 0) || ' events, versions '
                || coalesce(j.first, 0) || '..' || coalesce(j.last, 0) || ', and says ' || coalesce(s.version, 0)
                || ', last id ' || coalesce(j.last_id, 0) || ', and says ' || coalesce(s.last_id, 0)
            from (select stream, count(*), min(version) as first, max(version) as last, max(id) as last_id
                  from journal group by stream) j
            full join streams s on s.id = j.stream
            where j.stream is null or s.id is null or first <> 1 or last <> count or last <> s.version
                or j.last_id <> s.last_id
            """
        ),
        (
            "order",
            """
            select 'stream ' || stream || ' has version ' || version || ' at sequence ' || sequence || ' after version ' || before
            from (select stream, version, sequence, lag(version) over (partition by stream order by sequence) as before
                  from journal where sequence is not null) o
            where version < before
            """
        ),
        (
            "mark",
            """
            select 'event ' || id || ' has no sequence, and the mark is ' || mark
            from journal, head where sequence is null and id <= mark order by id
            """
        ),
    ];

    /// <summary>Reads the whole journal in one snapshot and says what is wrong with it; nothing, when all is well.</summary>
    public async Task<IReadOnlyList<JournalFinding>> Check(CancellationToken stop)
    {
        await using var connection = await Database.OpenConnectionAsync(stop);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        var findings = new List<JournalFinding>();
        foreach (var (rule, sql) in Checks)
        {
            await using var check = new NpgsqlCommand(
                string.Create(CultureInfo.InvariantCulture, $"{sql} limit {MaxFindingsPerRule}"),
                connection,
                snapshot
            )
            {
                CommandTimeout = (int)TimeSpan.FromMinutes(30).TotalSeconds,
            };
            await using var reader = await check.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                findings.Add(new(rule, reader.GetString(0)));
        }
        return findings;
    }
}
