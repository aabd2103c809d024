using System.Globalization;
using System.Runtime.CompilerServices;
using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Following;
using Kontor.Journal;
using Kontor.Platform.Data;

namespace Kontor.Catalog.Search.Beside;

/// <summary>Building the index, and what changes by the clock.</summary>
sealed partial class BesideWriter
{
    const int LoadedAtOnce = 2_000;

    /// <summary>The dictionary of ids ends below it.</summary>
    static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>All products into an index beside the one that is searched, if there is one; then what came since.</summary>
    async Task Build(CancellationToken stop)
    {
        var begun = clock.GetUtcNow();
        var head = await database.Journal.Head(stop);
        var rebuild = await engine.Rebuild(stop);
        (version, var products) = (head.Sequence, 0L);
        await foreach (var stretch in Stretches(stop))
        {
            var read = await documents.Read(stretch, stop);
            await WriteRead(read, [], head.Sequence, rebuild.Apply, stop);
            products += read.Documents.Count;
        }
        var at = head.Sequence;
        while (await database.Journal.Read(at, EventJournal.MaxRead, stop) is { Events.Count: > 0 } batch)
        {
            if (batch.Incarnation != head.Incarnation)
                throw new JournalForkedException(database.Name, batch.Incarnation, at);
            version = at = batch.Events[^1].Sequence;
            var affected = Affected.Of(batch.Events, 0);
            await Reread(await Narrow(affected, stop), rebuild.Apply, stop);
            foreach (var wide in affected.Wide)
                await Reread(await documents.Ids(wide.Sql, [wide.Key], stop), rebuild.Apply, stop);
        }
        await rebuild.Note(JournalNote, head.Incarnation, at, stop);
        await rebuild.Note(MomentsNote, Written(begun), begun.ToUnixTimeMilliseconds(), stop);
        // Whatever is searched now is of another shape or of another journal.
        await rebuild.Serve(at, stop, evenIfBehind: true);
        await engine.Sweep(stop);
        LogBuilt(products, at);
    }

    async IAsyncEnumerable<DocumentChoice> Stretches([EnumeratorCancellation] CancellationToken stop)
    {
        for (var after = Guid.Empty; after != Last; )
        {
            await using var find = database
                .Source.CreateCommand("select id from products where id > $1 order by id offset $2 limit 1")
                .With(after, LoadedAtOnce - 1);
            var last = await find.ExecuteScalarAsync(stop) is Guid id ? id : Last;
            yield return DocumentChoice.Between(after, last);
            after = last;
        }
    }

    /// <summary>Moments that came while nobody wrote are due at once.</summary>
    async Task ReadMoments(CancellationToken stop)
    {
        var noted = await engine.Noted(MomentsNote, stop);
        var since = long.TryParse(noted, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms) - ClocksDiffer
            : DateTimeOffset.UnixEpoch;
        var read = new ChangeMoments();
        await using var find = database.Source.CreateCommand(DocumentSql.MomentsSince).With(since);
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            read.Add([(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1))]);
        moments = read;
    }

    /// <summary>Writes products again whose prices or availability change by the clock.</summary>
    /// <param name="settled">Before it is reached, what is written might be refused as older than what another wrote.</param>
    async Task Watch(long settled, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Look, TimeProvider.System, stop);
            var now = clock.GetUtcNow();
            if (Volatile.Read(ref applied) < settled || moments.Due(now, ReadAtOnce) is not { Count: > 0 } due)
                continue;
            try
            {
                await Reread([.. due], engine.Write, stop);
                await engine.Reached(Volatile.Read(ref applied), stop);
            }
            catch
            {
                // They stay due: whoever goes on writes them.
                moments.Add(due.Select(product => (product, now)));
                throw;
            }
            // A full look left some that are due: they are noted with the next.
            if (due.Count < ReadAtOnce)
                await engine.Note(MomentsNote, Written(now), now.ToUnixTimeMilliseconds(), stop);
        }
    }

    static string Written(DateTimeOffset moment) =>
        moment.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
