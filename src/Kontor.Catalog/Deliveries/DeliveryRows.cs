using Kontor.Contracts.Catalog;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kontor.Catalog.Deliveries;

/// <summary>The rows of deliveries.</summary>
static class DeliveryRows
{
    /// <summary>Whole deliveries in one statement; what follows it chooses and orders them.</summary>
    const string Select = """
        select d.id, d.key, d.state, d.destination, d.source, d.reference, d.note, d.expected_at, d.created_at, d.updated_at,
            d.version, l.skus, l.quantities, l.received
        from deliveries d cross join lateral (
            select array_agg(sku order by sku) as skus, array_agg(quantity order by sku) as quantities,
                array_agg(received order by sku) as received
            from delivery_lines where delivery = d.id
        ) l
        """;

    public static CatalogDatabase Of(HttpContext http) => http.RequestServices.GetRequiredService<CatalogDatabase>();

    /// <summary>The delivery, locked until the end; null where there is none.</summary>
    /// <remarks>Two statements: one that waits for the lock would read the lines as they were before it waited.</remarks>
    public static async Task<DeliveryView?> Lock(Work work, string key, CancellationToken stop)
    {
        await using var find = work.Batch();
        find.Add("select id from deliveries where key = $1 for update", key);
        find.Add($"{Select} where d.key = $1", key);
        await using var reader = await find.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        return await reader.ReadAsync(stop) ? Of(reader) : null;
    }

    public static async Task<IReadOnlyList<DeliveryView>> Read(
        CatalogDatabase database,
        string choice,
        CancellationToken stop,
        params object[] values
    )
    {
        await using var find = database.Source.CreateCommand($"{Select} {choice}").With(values);
        var found = new List<DeliveryView>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(Of(reader));
        return found;
    }

    /// <summary>Writes a new one; false where the key is taken.</summary>
    public static async Task<bool> Insert(Work work, DeliveryView delivery, CancellationToken stop)
    {
        await using var insert = work.Command(
            """
            with made as (
                insert into deliveries
                    (id, key, source, destination, state, reference, note, expected_at, version, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
                on conflict (key) do nothing returning id
            ), lines as (
                insert into delivery_lines (delivery, variant, sku, quantity)
                select made.id, v.id, v.sku, w.quantity
                from made, unnest($11::text[], $12::bigint[]) w(sku, quantity) join variants v on v.sku = w.sku
            )
            select id from made
            """,
            delivery.Id,
            delivery.Key,
            delivery.From,
            delivery.To,
            delivery.State,
            delivery.Reference,
            delivery.Note,
            delivery.ExpectedAt,
            delivery.Version,
            delivery.CreatedAt,
            delivery.Lines.Select(line => line.Sku).ToArray(),
            delivery.Lines.Select(line => line.Quantity).ToArray()
        );
        return await insert.ExecuteScalarAsync(stop) is not null;
    }

    public static async Task Update(Work work, DeliveryView delivery, CancellationToken stop)
    {
        await using var batch = work.Batch();
        batch.Add(
            "update deliveries set state = $2, version = $3, updated_at = $4 where id = $1",
            delivery.Id,
            delivery.State,
            delivery.Version,
            delivery.UpdatedAt
        );
        batch.Add(
            """
            update delivery_lines l set received = w.received from unnest($2::text[], $3::bigint[]) w(sku, received)
            where l.delivery = $1 and l.sku = w.sku and l.received <> w.received
            """,
            delivery.Id,
            delivery.Lines.Select(line => line.Sku).ToArray(),
            delivery.Lines.Select(line => line.Received).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
    }

    static DeliveryView Of(NpgsqlDataReader row)
    {
        var (skus, quantities, received) = (
            row.GetFieldValue<string[]>(11),
            row.GetFieldValue<long[]>(12),
            row.GetFieldValue<long[]>(13)
        );
        return new(
            row.GetGuid(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            Text(row, 4),
            [.. skus.Select((sku, i) => new DeliveredLine(sku, quantities[i], received[i]))],
            Text(row, 5),
            Text(row, 6),
            row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.GetFieldValue<DateTimeOffset>(9),
            row.GetInt64(10)
        );
    }

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
