using System.Threading.Channels;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Npgsql;

namespace Kontor.Bench.Limits;

/// <summary>Many who want one row: each by its own <c>update</c>, and settled in batches by a bare coalescer.</summary>
static class HotRow
{
    public const string Tables = """
        create table hot (id bigint primary key, available bigint not null) with (fillfactor = 50);
        insert into hot values (1, 1000000000000);
        create table hot_reservations (
            id bigint generated always as identity primary key, hot bigint, quantity int, request uuid,
            made_at timestamptz default now()
        );
        """;

    /// <summary>What a shop without batches does: everybody queues for the row's lock, and each waits for its fsync.</summary>
    public static Task<Figures> RowAtATime(
        NpgsqlDataSource source,
        Shape shape,
        Clocks clocks,
        CancellationToken stop
    ) =>
        ClosedLoop.Run(
            shape,
            clocks,
            (_, _) =>
                Task.FromResult<Step>(async asked =>
                {
                    await using var take = source.CreateCommand(
                        "update hot set available = available - 1 where id = 1 and available >= 1"
                    );
                    return await take.ExecuteNonQueryAsync(asked) == 1;
                }),
            stop
        );

    public static async Task<Figures> Coalesced(
        NpgsqlDataSource source,
        Shape shape,
        Clocks clocks,
        CancellationToken stop
    )
    {
        await using var coalescer = new Coalescer(source);
        return await ClosedLoop.Run(
            shape,
            clocks,
            (_, _) => Task.FromResult<Step>(asked => new(coalescer.Take(asked))),
            stop
        );
    }

    /// <summary>One queue, one writer: takes what waits, and settles it in one statement with a row for each request.</summary>
    sealed class Coalescer : IAsyncDisposable
    {
        const int Largest = 512;

        readonly Channel<TaskCompletionSource<bool>> queue = Channel.CreateUnbounded<TaskCompletionSource<bool>>(
            new() { SingleReader = true }
        );
        readonly Task writer;

        public Coalescer(NpgsqlDataSource source) => writer = Settle(source);

        public Task<bool> Take(CancellationToken stop)
        {
            var waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Writer.TryWrite(waiting);
            return waiting.Task.WaitAsync(stop);
        }

        async Task Settle(NpgsqlDataSource source)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var settle = new NpgsqlCommand(
                """
                with taken as (
                    update hot set available = available - $1 where id = 1 and available >= $1 returning 1
                )
                insert into hot_reservations (hot, quantity, request)
                select 1, quantity, request from taken, unnest($2::int[], $3::uuid[]) w(quantity, request)
                """,
                connection
            );
            var total = new NpgsqlParameter<long>();
            var quantities = new NpgsqlParameter<int[]>();
            var requests = new NpgsqlParameter<Guid[]>();
            settle.Parameters.Add(total);
            settle.Parameters.Add(quantities);
            settle.Parameters.Add(requests);
            var batch = new List<TaskCompletionSource<bool>>(Largest);
            while (await queue.Reader.WaitToReadAsync())
            {
                batch.Clear();
                while (batch.Count < Largest && queue.Reader.TryRead(out var waiting))
                    batch.Add(waiting);
                total.TypedValue = batch.Count;
                quantities.TypedValue = [.. batch.Select(_ => 1)];
                requests.TypedValue = [.. batch.Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()))];
                var granted = await settle.ExecuteNonQueryAsync() > 0;
                foreach (var waiting in batch)
                    waiting.SetResult(granted);
            }
        }

        public async ValueTask DisposeAsync()
        {
            queue.Writer.Complete();
            await writer;
        }
    }
}
