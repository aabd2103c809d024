using System.Text.Json;
using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.ProductTypes;

/// <summary>A product type in a list: its attributes, of which there may be a thousand, are shown with the type itself.</summary>
/// <param name="Key">Its owner's name for it; never changes.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Version">Counts its definitions from 1.</param>
public sealed record ProductTypeSummary(string Key, string Title, long Version);

/// <summary>A product type.</summary>
/// <param name="Key">Its owner's name for it; never changes.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Version">Counts its definitions from 1; the ETag.</param>
/// <param name="Attributes">What its products, and their variants, have.</param>
/// <param name="Migration">The migration that runs; absent where none does, and for callers without the scope
/// <c>catalog:read</c>, as its steps and reason may quote values.</param>
public sealed record ProductTypeView(
    string Key,
    string Title,
    long Version,
    IReadOnlyList<AttributeDefinition> Attributes,
    MigrationView? Migration = null
);

/// <summary>A migration of a type's products from one definition to the next.</summary>
/// <param name="State"><c>filling</c>: values are converted beside those that are shown; <c>tidying</c>: the new ones are
/// shown, the old ones go; <c>undoing</c>: what was converted goes; <c>done</c>, <c>cancelled</c>, <c>failed</c>.</param>
/// <param name="FromVersion">The version that it began with; it ends with the next one.</param>
/// <param name="Products">How many there were at its start.</param>
/// <param name="Converted">How many of them are converted.</param>
/// <param name="Tidied">How many of them are rid of what was shown before.</param>
/// <param name="Reason">Why it failed.</param>
public sealed record MigrationView(
    Guid Id,
    string Type,
    string State,
    long FromVersion,
    IReadOnlyList<MigrationStep> Steps,
    long Products,
    long Converted,
    long Tidied,
    string? Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt
);

/// <summary>A version of a type.</summary>
/// <param name="Changes">What made it another one than the version before.</param>
public sealed record ProductTypeVersionView(
    long Version,
    string Title,
    IReadOnlyList<AttributeDefinition> Attributes,
    IReadOnlyList<ChangeView> Changes,
    DateTimeOffset CreatedAt
);

/// <summary>Reads product types.</summary>
static class ProductTypeReader
{
    const string Select = """
        select t.key, t.title, t.version, t.attributes::text, m.* from product_types t
        left join lateral (
            select id, type, state, from_version, steps::text, products, converted, tidied, reason, started_at, ended_at
            from product_type_migrations where type = t.key and state in ('filling', 'tidying', 'undoing')
        ) m on true
        """;

    const string SelectMigrations = """
        select id, type, state, from_version, steps::text, products, converted, tidied, reason, started_at, ended_at
        from product_type_migrations
        """;

    public static async Task<ProductTypeView?> Find(NpgsqlConnection connection, string type, CancellationToken stop) =>
        await Read(connection, $"{Select} where t.key = $1", Type, stop, type) is [var found] ? found : null;

    /// <summary>Those of some types that there are.</summary>
    public static Task<List<ProductTypeView>> Of(NpgsqlConnection connection, string[] types, CancellationToken stop) =>
        Read(connection, $"{Select} where t.key = any($1)", Type, stop, (object)types);

    public static Task<List<ProductTypeSummary>> Page(
        NpgsqlConnection connection,
        string after,
        int limit,
        CancellationToken stop
    ) =>
        Read(
            connection,
            "select key, title, version from product_types where key > $1 order by key limit $2",
            row => new ProductTypeSummary(row.GetString(0), row.GetString(1), row.GetInt64(2)),
            stop,
            after,
            limit
        );

    public static Task<List<ProductTypeVersionView>> Versions(
        NpgsqlConnection connection,
        string type,
        long before,
        int limit,
        CancellationToken stop
    ) =>
        Read(
            connection,
            """
            select version, title, attributes::text, changes::text, created_at from product_type_versions
            where type = $1 and version < $2 order by version desc limit $3
            """,
            row => new ProductTypeVersionView(
                row.GetInt64(0),
                row.GetString(1),
                TypeBook.Stored(row.GetString(2)),
                JsonSerializer.Deserialize<List<ChangeView>>(row.GetString(3), KontorJson.Stored)!,
                row.GetFieldValue<DateTimeOffset>(4)
            ),
            stop,
            type,
            before,
            limit
        );

    public static async Task<MigrationView?> Migration(
        NpgsqlConnection connection,
        string type,
        Guid id,
        CancellationToken stop
    ) =>
        await Read(
            connection,
            $"{SelectMigrations} where type = $1 and id = $2",
            row => Migration(row, 0),
            stop,
            type,
            id
        )
            is [var found]
            ? found
            : null;

    public static Task<List<MigrationView>> Migrations(
        NpgsqlConnection connection,
        string type,
        Guid before,
        int limit,
        CancellationToken stop
    ) =>
        Read(
            connection,
            $"{SelectMigrations} where type = $1 and id < $2 order by id desc limit $3",
            row => Migration(row, 0),
            stop,
            type,
            before,
            limit
        );

    static ProductTypeView Type(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetInt64(2),
            TypeBook.Stored(row.GetString(3)),
            row.IsDBNull(4) ? null : Migration(row, 4)
        );

    static MigrationView Migration(NpgsqlDataReader row, int at) =>
        new(
            row.GetGuid(at),
            row.GetString(at + 1),
            row.GetString(at + 2),
            row.GetInt64(at + 3),
            Json<List<MigrationStep>>(row.GetString(at + 4)),
            row.GetInt64(at + 5),
            row.GetInt64(at + 6),
            row.GetInt64(at + 7),
            row.IsDBNull(at + 8) ? null : row.GetString(at + 8),
            row.GetFieldValue<DateTimeOffset>(at + 9),
            row.IsDBNull(at + 10) ? null : row.GetFieldValue<DateTimeOffset>(at + 10)
        );

    static async Task<List<T>> Read<T>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> make,
        CancellationToken stop,
        params object[] values
    )
    {
        await using var find = new NpgsqlCommand(sql, connection).With(values);
        await using var reader = await find.ExecuteReaderAsync(stop);
        var found = new List<T>();
        while (await reader.ReadAsync(stop))
            found.Add(make(reader));
        return found;
    }

    static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, KontorJson.Tolerant)!;
}
