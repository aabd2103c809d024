using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Platform.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>A migration and whoever is in the middle of something else: a writer, another migration, an older version.</summary>
public sealed class MigrationRaceTests(Shop shop) : IClassFixture<Shop>, IAsyncLifetime
{
    const string Text = """{"key":"code","kind":"text","maxLength":20,"unique":true}""";
    const string Number = """{"key":"code","kind":"number","unique":true}""";
    const string ToNumber = """{"do":"retype","attribute":"code","conversion":"textToNumber"}""";
    const string A = """{"key":"a","kind":"text"}""";
    const string B = """{"key":"b","kind":"text"}""";
    const string AToB = """{"do":"rename","attribute":"a","to":"b"}""";
    const string BToA = """{"do":"rename","attribute":"b","to":"a"}""";

    public async ValueTask InitializeAsync()
    {
        foreach (var job in shop.Services.GetServices<IHostedService>().OfType<MigrateProducts>())
            await job.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_migration_that_fails_waits_for_who_is_writing_both_forms()
    {
        var type = await shop.NewType(Text);
        await shop.NewTyped(type, """{"code":"9"}""");
        (await shop.ChangeType(type, Number, ToNumber)).Is(202);
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var writer = new Work(shop.Database, transaction);
        await Write(writer, type, "77");
        await shop.NewTyped(type, """{"code":"09"}""");

        var driven = FinishThoughItWaits();
        while (!await HasFailed(type) && !await SomebodyWaitsForAType())
            await Task.Delay(10);
        await writer.Append(CancellationToken.None);
        await writer.Commit();
        await driven;

        Assert.True(await HasFailed(type));
        Assert.Equal(0, await shop.Query<long>("select count(*) from products where attributes_next is not null"));
        Assert.Equal(3, await shop.Query<long>("select count(*) from unique_values where type = $1", type));
        await shop.IsWhole();
    }

    [Fact]
    public async Task A_product_that_an_older_version_created_is_migrated_and_tidied()
    {
        var type = await shop.NewType(A);
        await shop.NewTyped(type, """{"a":"x"}""");
        await Migrate(type, B, AToB);
        // An older version knows no generations and leaves the column to its default.
        var old = await shop.NewTyped(type, "{}");
        var late = await shop.NewTyped(type, "{}");
        await Age(old);

        (await shop.ChangeType(type, A, BToA)).Is(202);
        await new MigrationBatch(shop.Database, TimeProvider.System).Next(CancellationToken.None);
        await Age(late); // As one that was created behind the cursor: nobody converted it.
        await shop.Query<long>(
            "with u as (update products set attributes_next = null where id = $1::uuid returning 1) select count(*) from u",
            late.Value("id")
        );
        await Finish();

        Assert.Equal(
            0,
            await shop.Query<long>(
                "select count(*) from products where type = $1 and (attributes_next is not null or generation <> 2)",
                type
            )
        );
        await shop.IsWhole();
    }

    [Fact]
    public async Task A_migration_that_throws_every_time_keeps_no_other_waiting()
    {
        var (stuck, other) = (await shop.NewType(A), await shop.NewType(A));
        await shop.NewTyped(other, """{"a":"x"}""");
        (await shop.ChangeType(stuck, B, AToB)).Is(202);
        (await shop.ChangeType(other, B, AToB)).Is(202);
        await Set(stuck, """steps = '[{"do":"drop","attribute":"no_such"}]'""");

        var driver = new MigrationBatch(shop.Database, TimeProvider.System);
        for (var round = 0; round < 20; round++)
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                while (await driver.Next(CancellationToken.None)) { }
            });

        var state = await shop.Query<string>("select state from product_type_migrations where type = $1", other);
        await Set(stuck, "state = 'cancelled'");
        Assert.Equal("done", state);
    }

    [Fact]
    public async Task Unique_values_of_the_old_form_go_even_where_a_product_was_written_after_the_flip()
    {
        var type = await shop.NewType($"{A},{Text}");
        var made = await shop.NewTyped(type, """{"a":"x","code":"1"}""");
        (await shop.ChangeType(type, A, """{"do":"drop","attribute":"code"}""")).Is(202);
        var driver = new MigrationBatch(shop.Database, TimeProvider.System);
        while (await shop.Query<string>("select state from product_type_migrations where type = $1", type) == "filling")
            await driver.Next(CancellationToken.None);

        var path = $"{Types.Products}/{made.Value("id")}";
        (await shop.Staff.Patch(path, """{"attributes":{"a":"y"}}""", (await shop.Staff.Get(path)).Tag)).Is(200);
        await Finish();

        Assert.Equal(0, await shop.Query<long>("select count(*) from unique_values where type = $1", type));
    }

    async Task Write(Work work, string type, string code)
    {
        var types = shop.Services.GetRequiredService<TypeBook>();
        var held = (await types.Hold(work, type, CancellationToken.None))!;
        Assert.NotNull(held.Way);
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["code"] = ValueForms.Of(code) };
        var key = shop.Fresh("written");
        var product = new Product(key, type, "T", key, null, [], [new Variant($"SKU-{key}", [])], attributes);
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        NewProduct[] made = [new(id, product, held.Read(product.Given).Value)];
        await NewProducts.Insert(work, made, TimeProvider.System, CancellationToken.None);
    }

    Task<bool> HasFailed(string type) =>
        shop.Query<bool>(
            "select exists (select from product_type_migrations where type = $1 and state = 'failed')",
            type
        );

    Task<bool> SomebodyWaitsForAType() =>
        shop.Query<bool>(
            """
            select exists (
                select from pg_locks where locktype = 'advisory' and not granted
                and database = (select oid from pg_database where datname = current_database())
            )
            """
        );

    async Task Migrate(string type, string attributes, string steps)
    {
        (await shop.ChangeType(type, attributes, steps)).Is(202);
        await Finish();
    }

    async Task Finish()
    {
        var driver = new MigrationBatch(shop.Database, TimeProvider.System);
        while (await driver.Next(CancellationToken.None)) { }
    }

    /// <summary>As the job does, which tries again where a lock was not had in time.</summary>
    async Task FinishThoughItWaits()
    {
        for (var done = false; !done; )
            try
            {
                await Finish();
                done = true;
            }
            catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.LockNotAvailable) { }
    }

    Task<long> Age(Answer product) =>
        shop.Query<long>(
            "with u as (update products set generation = 0 where id = $1::uuid returning 1) select count(*) from u",
            product.Value("id")
        );

    Task<long> Set(string type, string what) =>
        shop.Query<long>(
            $"with u as (update product_type_migrations set {what} where type = $1 returning 1) select count(*) from u",
            type
        );
}
