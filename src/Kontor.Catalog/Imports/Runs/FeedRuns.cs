using Kontor.Catalog.Imports.Doors;
using Kontor.Catalog.Imports.Staging;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>Imports as the command line runs them: the same runs, worked off by who asks, or by a server beside.</summary>
public sealed class FeedRuns
{
    /// <summary>How often to look at a run that another process works off, or that waits for another of its supplier.</summary>
    static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);

    readonly ImportRoom room;
    readonly WorkOff work;
    readonly OpenFeed open;

    internal FeedRuns(ImportRoom room, WorkOff work, OpenFeed open) =>
        (this.room, this.work, this.open) = (room, work, open);

    /// <summary>Sends files and works the run off, until it waits for approval or has ended.</summary>
    /// <param name="look">Is told how far it is.</param>
    public async Task<Result<ImportRun>> Import(
        string mapping,
        IReadOnlyList<string> files,
        bool isApproved,
        Action<ImportRun> look,
        CancellationToken stop
    )
    {
        if (files.Count > ReceivedFiles.MostFiles)
            return Refusals.ValidationFailed.Because($"At most {ReceivedFiles.MostFiles} files.");
        if (!CreateImport.Decide(mapping, open).Is(out var terms, out var wrong))
            return wrong;
        var run = CreateImport.New(terms, mapping, isApproved, "command line", room.Clock);
        await room.Write(
            async write =>
            {
                await RunTable.Insert(write, run, stop);
                return run;
            },
            stop
        );
        for (var place = 0; place < files.Count; place++)
        {
            await using var bytes = File.OpenRead(files[place]);
            var file = (place, Path.GetFileName(files[place]));
            if (await ReceivedFiles.Receive(room.Database, run.Id, file, bytes, stop) is { } refused)
                return refused.Because(files[place]);
        }
        return await Say(run.Id, MoveImport.Word.Start, look, stop);
    }

    /// <summary>Goes on with one that waits for approval.</summary>
    public Task<Result<ImportRun>> Approve(Guid run, Action<ImportRun> look, CancellationToken stop) =>
        Say(run, MoveImport.Word.Approve, look, stop);

    /// <summary>Restores what one has changed, where nobody has changed it since.</summary>
    public Task<Result<ImportRun>> Undo(Guid run, Action<ImportRun> look, CancellationToken stop) =>
        Say(run, MoveImport.Word.Undo, look, stop);

    /// <summary>What one has found amiss, counted by code.</summary>
    public Task<IReadOnlyList<FaultSum>> Faults(Guid run, CancellationToken stop) =>
        FaultSum.Of(room.Database, run, stop);

    /// <summary>Goes on with one that a process left when it died.</summary>
    public async Task<Result<ImportRun>> Resume(Guid id, Action<ImportRun> look, CancellationToken stop)
    {
        for (; ; )
        {
            if (await RunTable.Find(room.Database, id, stop) is not { } run)
                return Rejections.ImportNotFound;
            look(run);
            if (!run.IsActive)
                return run;
            if (await work.Try(run, look, stop) is null)
                await Task.Delay(Round, room.Clock, stop);
        }
    }

    async Task<Result<ImportRun>> Say(Guid id, MoveImport.Word word, Action<ImportRun> look, CancellationToken stop)
    {
        var said = await room.Write(write => MoveImport.Store(write, id, word, room.Clock, stop), stop);
        return said.Rejection is { } refused ? refused : await Resume(id, look, stop);
    }
}
