using Kontor.Journal;
using Microsoft.Extensions.Logging;
using Npgsql;

// A process that can be killed and frozen: `contender sequencer <address>` numbers a journal,
// `contender subscription <address>` copies its events into the table `copies`. It ends when its standard input does.
using var stop = new CancellationTokenSource();
using var logging = LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Warning));
await using var source = NpgsqlDataSource.Create(args[1]);
var journal = new EventJournal("journal", source, TimeProvider.System);
var running = args[0] switch
{
    "sequencer" => new Sequencer(journal, logging.CreateLogger<Sequencer>()).Run(stop.Token),
    "subscription" => new Subscription(
        "copies",
        new Follower(journal),
        source,
        Copy,
        logging.CreateLogger<Subscription>()
    ).Run(stop.Token),
    _ => throw new ArgumentException($"No such role: {args[0]}", nameof(args)),
};
await Console.In.ReadToEndAsync();
await stop.CancelAsync();
await running;

static async Task Copy(RecordedEvent happened, NpgsqlTransaction transaction, CancellationToken stop)
{
    await using var copy = new NpgsqlCommand(
        "insert into copies (sequence, stream) values ($1, $2)",
        transaction.Connection,
        transaction
    )
    {
        Parameters =
        {
            new() { Value = happened.Sequence },
            new() { Value = happened.Stream },
        },
    };
    await copy.ExecuteNonQueryAsync(stop);
}
