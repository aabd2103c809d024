using System.Text.Json;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Ordering.Orders;

/// <summary>What is told of an order to those who hold other books against it.</summary>
public sealed record OrderFacts(
    Guid Id,
    string Status,
    Money Total,
    string? Authorisation,
    IReadOnlyList<OrderLine> Lines,
    string Provider,
    DateTimeOffset SubmittedAt
);

/// <summary>Orders as checks read them: many at a time, by id.</summary>
public sealed class SettledOrders(OrderingDatabase database)
{
    const string Columns = "id, status, total, currency, authorisation, lines, provider, submitted_at";

    /// <summary>Placed and rejected orders after an id.</summary>
    public Task<IReadOnlyList<OrderFacts>> Page(Guid after, int count, CancellationToken stop) =>
        Read(
            database
                .Source.CreateCommand(
                    $"select {Columns} from orders where id > $1 and status in ('placed', 'rejected') order by id limit $2"
                )
                .With(after, count),
            stop
        );

    /// <summary>Orders of these ids, settled or not.</summary>
    public Task<IReadOnlyList<OrderFacts>> Find(IReadOnlyCollection<Guid> ids, CancellationToken stop) =>
        Read(
            database.Source.CreateCommand($"select {Columns} from orders where id = any($1)").With(ids.ToArray()),
            stop
        );

    static async Task<IReadOnlyList<OrderFacts>> Read(NpgsqlCommand read, CancellationToken stop)
    {
        await using (read)
        {
            var orders = new List<OrderFacts>();
            await using var row = await read.ExecuteReaderAsync(stop);
            while (await row.ReadAsync(stop))
                orders.Add(
                    new(
                        row.GetGuid(0),
                        row.GetString(1),
                        new(row.GetInt64(2), row.GetString(3)),
                        row.Text(4),
                        JsonSerializer.Deserialize<List<OrderLine>>(row.GetString(5), KontorJson.Tolerant)!,
                        row.GetString(6),
                        row.GetFieldValue<DateTimeOffset>(7)
                    )
                );
            return orders;
        }
    }
}
