using System.Collections.Concurrent;
using System.Text.Json;
using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.ProductTypes;

/// <summary>A type as a writer of products meets it: its definition and, while it migrates, the way to the next one.</summary>
sealed record TypeNow(TypeDefinition Type, MigrationPlan? Way)
{
    public static readonly TypeNow Default = new(TypeDefinition.Default, null);

    /// <summary>What is to be written of these attributes, or what is wrong with them.</summary>
    /// <remarks>While the type migrates, both forms are written, or readers would miss the product's values at the moment
    /// in which the type changes over; so what has no next form is refused, too.</remarks>
    public Result<TypedProduct> Read(Attributes given)
    {
        var faults = new Faults();
        var now = given.Under(Type, faults);
        if (faults.Count > 0)
            return faults.As(Rejections.ProductInvalid);
        if (Way is null)
            return new TypedProduct(Type, now, null, null);
        var next = Way.Convert(now, faults);
        return faults.Count == 0
            ? new TypedProduct(Type, now, Way.To, next)
            : faults.As(Rejections.AttributesNotMigratable);
    }
}

/// <summary>The types, as writers of products hold them: nobody changes a type while one of its products is written.</summary>
/// <remarks>
/// The lock is an advisory one, shared by writers and taken whole by whoever changes the type. A share of the row would do
/// as well but for its queue: PostgreSQL lets a new sharer of a row pass whoever waits to change it, so that writers who
/// overlap could keep a change out for ever; the lock table serves in the order of asking.
/// A definition is remembered by the id that changes with it, so a type costs its writers one statement.
/// </remarks>
sealed class TypeBook
{
    const string Alone = "select pg_advisory_xact_lock($1, hashtext($2))";
    const int LockClass = 0x7479_7065; // "type": no other two-number lock of the catalogue has it.
    const int MostKept = 2_000;

    readonly ConcurrentDictionary<Guid, TypeDefinition> definitions = new();
    readonly ConcurrentDictionary<Guid, MigrationPlan> ways = new();

    /// <summary>The type, which stays as it is until the end of the transaction; null where there is none.</summary>
    /// <remarks>Lock the product's row, if it has one, before its type.</remarks>
    public Task<TypeNow?> Hold(Work work, string type, CancellationToken stop) =>
        type == TypeDefinition.Default.Key
            ? Task.FromResult<TypeNow?>(TypeNow.Default)
            : Read(work, type, "select pg_advisory_xact_lock_shared($1, hashtext($2))", stop);

    /// <summary>The type, which nobody else holds until the end of the transaction; null where there is none.</summary>
    public Task<TypeNow?> HoldAlone(Work work, string type, CancellationToken stop) => Read(work, type, Alone, stop);

    /// <summary>Waits for everybody who holds the type, and keeps others away until the end of the transaction.</summary>
    public static async Task Close(Work work, string type, CancellationToken stop)
    {
        await using var hold = work.Command(Alone, LockClass, type);
        await hold.ExecuteNonQueryAsync(stop);
    }

    async Task<TypeNow?> Read(Work work, string type, string hold, CancellationToken stop)
    {
        // Two statements, so that the second sees what was committed while the first one waited.
        await using var batch = work.Batch();
        batch.Add(hold, LockClass, type);
        batch.Add(
            """
            select t.definition, m.id from product_types t
            left join product_type_migrations m on m.type = t.key and m.state = 'filling' where t.key = $1
            """,
            [(object)type]
        );
        Guid definition;
        Guid? migration;
        await using (var reader = await batch.ExecuteReaderAsync(stop))
        {
            await reader.NextResultAsync(stop);
            if (!await reader.ReadAsync(stop))
                return null;
            definition = reader.GetGuid(0);
            migration = await reader.IsDBNullAsync(1, stop) ? null : reader.GetGuid(1);
        }
        if (!definitions.TryGetValue(definition, out var standing))
            standing = Keep(definitions, definition, await Definition(work, type, stop));
        if (migration is not { } running)
            return new(standing, null);
        if (!ways.TryGetValue(running, out var way))
            way = Keep(ways, running, await Way(work, standing, running, stop));
        return new(standing, way);
    }

    static T Keep<T>(ConcurrentDictionary<Guid, T> kept, Guid id, T value)
    {
        if (kept.Count >= MostKept)
            kept.Clear();
        return kept[id] = value;
    }

    static async Task<TypeDefinition> Definition(Work work, string type, CancellationToken stop)
    {
        await using var find = work.Command(
            "select title, version, generation, attributes::text from product_types where key = $1",
            type
        );
        await using var reader = await find.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new(type, reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), Stored(reader.GetString(3)));
    }

    static async Task<MigrationPlan> Way(Work work, TypeDefinition from, Guid migration, CancellationToken stop)
    {
        await using var find = work.Command(
            "select title, attributes::text, steps::text from product_type_migrations where id = $1",
            migration
        );
        await using var reader = await find.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return MigrationPlan.Standing(
            from,
            reader.GetString(0),
            Stored(reader.GetString(1)),
            JsonSerializer.Deserialize<List<MigrationStep>>(reader.GetString(2), KontorJson.Tolerant)!
        );
    }

    internal static IReadOnlyList<AttributeDefinition> Stored(string json) =>
        JsonSerializer.Deserialize<List<AttributeDefinition>>(json, KontorJson.Tolerant)!;
}
