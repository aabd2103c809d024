using Kontor.Testing;
using Npgsql;

namespace Kontor.Scenarios.Faults;

/// <summary>A shop whose processes are armed while they run, and are started again, unarmed, as soon as they have died.</summary>
/// <remarks>Its databases and the sandbox's books outlive every process.</remarks>
sealed class Rehearsal : IAsyncDisposable
{
    readonly IReadOnlyDictionary<string, TestDatabase> databases;
    readonly CancellationTokenSource end = new();
    readonly Task reviving;
    int deaths;
    int returns;
    int scenes;

    Rehearsal(RunningShop shop, IReadOnlyDictionary<string, TestDatabase> databases)
    {
        (Shop, this.databases) = (shop, databases);
        reviving = Revive();
    }

    public RunningShop Shop { get; }

    /// <summary>How often a process has died.</summary>
    public int Deaths => Volatile.Read(ref deaths);

    public static async Task<Rehearsal> Open(Processes processes, params (string Name, string Value)[] settings)
    {
        await Machinery.SkipUnlessThere();
        var one = processes == Processes.One ? await TestPostgres.NewDatabase() : null;
        var made = new Dictionary<string, TestDatabase>(StringComparer.Ordinal);
        foreach (var service in (string[])["catalog", "ordering", "identity"])
            made[service] = one ?? await TestPostgres.NewDatabase();
        var shop = await RunningShop.OpenConfigured(
            service => made[service].ConnectionString(service),
            processes,
            process =>
            {
                process.Settings["Faults__File"] = FaultsOf(process);
                process.Settings["Faults__Seen"] = SeenBy(process);
                foreach (var (name, value) in settings)
                    process.Settings[name] = value;
            }
        );
        return new(shop, made);
    }

    /// <summary>A scene with goods of its own.</summary>
    public async Task<Scene> Scene(bool insists, long stock = 100)
    {
        while (true)
        {
            var sku = $"THING-{Interlocked.Increment(ref scenes)}";
            var before = Deaths;
            await Running();
            try
            {
                await Shop.CreateProduct(sku, Faults.Scene.Price, stock);
                return new(this, sku, insists);
            }
            catch (HttpRequestException)
            {
                // The last scene's fault struck at its very end, and this met a process that was dying.
                await Until(() => Deaths > before, "who does not answer has died");
            }
        }
    }

    /// <summary>Arms a point in the process that passes it: <c>checkout.record.before-commit=kill@2</c>.</summary>
    public async Task Arm(string fault)
    {
        await Running();
        var file = FaultsOf(OwnerOf(fault));
        await File.WriteAllTextAsync($"{file}.new", fault);
        File.Move($"{file}.new", file, overwrite: true);
    }

    public void Disarm()
    {
        foreach (var process in Shop.Processes)
            File.Delete(FaultsOf(process));
    }

    /// <summary>Every process that died is back, and serves.</summary>
    public Task Running() =>
        Until(
            () => Volatile.Read(ref returns) == Deaths && Shop.Processes.All(process => process.IsRunning),
            "every process runs"
        );

    public Task Until(Func<bool> holds, string what) =>
        Eventually.Holds(
            async () =>
            {
                if (reviving.IsFaulted)
                    await reviving;
                return holds();
            },
            what
        );

    /// <summary>The points that the processes have passed.</summary>
    public IReadOnlySet<string> Seen() =>
        Shop
            .Processes.Select(SeenBy)
            .Where(File.Exists)
            .SelectMany(File.ReadAllLines)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The orders of a cart, of all carts if none is named, in the order of their submission.</summary>
    public async Task<IReadOnlyList<StandingOrder>> Orders(string? cart = null)
    {
        await using var read = databases["ordering"]
            .Source("ordering")
            .CreateCommand(
                """
                select id, cart, status, total, (
                    select coalesce(sum((line ->> 'quantity')::bigint), 0)::bigint from jsonb_array_elements(lines) line
                ), lines -> 0 ->> 'sku', rejection
                from orders where $1 is null or cart = $1 order by submitted_at, id
                """
            );
        read.Parameters.Add(
            new NpgsqlParameter { Value = cart is null ? DBNull.Value : Guid.Parse(cart), DataTypeName = "uuid" }
        );
        await using var row = await read.ExecuteReaderAsync();
        List<StandingOrder> orders = [];
        while (await row.ReadAsync())
            orders.Add(
                new(
                    row.GetGuid(0),
                    row.GetGuid(1),
                    row.GetString(2),
                    row.GetInt64(3),
                    row.GetInt64(4),
                    row.GetString(5),
                    row.IsDBNull(6) ? null : row.GetString(6)
                )
            );
        return orders;
    }

    /// <summary>Every reservation's state.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> Reservations()
    {
        await using var read = databases["catalog"]
            .Source("catalog")
            .CreateCommand("select id, state from reservations");
        await using var row = await read.ExecuteReaderAsync();
        var states = new Dictionary<Guid, string>();
        while (await row.ReadAsync())
            states.Add(row.GetGuid(0), row.GetString(1));
        return states;
    }

    /// <summary>The pieces that are reserved of each variant, where there are any.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Reserved()
    {
        await using var read = databases["catalog"]
            .Source("catalog")
            .CreateCommand(
                """
                select v.sku, sum(s.reserved)::bigint from stock s join variants v on v.id = s.variant
                group by v.sku having sum(s.reserved) <> 0
                """
            );
        await using var row = await read.ExecuteReaderAsync();
        var reserved = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await row.ReadAsync())
            reserved.Add(row.GetString(0), row.GetInt64(1));
        return reserved;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reviving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Its fault was met by who waited.
        end.Dispose();
        await Shop.DisposeAsync();
        foreach (var database in databases.Values.Distinct())
            await database.DisposeAsync();
    }

    async Task Revive()
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var process in Shop.Processes.Where(process => !process.IsRunning))
            {
                Interlocked.Increment(ref deaths);
                await process.Ended();
                File.Delete(FaultsOf(process));
                await process.Restart();
                Interlocked.Increment(ref returns);
            }
            await Task.Delay(10, CancellationToken.None);
        }
    }

    RunningKontor OwnerOf(string point) =>
        Shop.Of(
            point.StartsWith("stock.", StringComparison.Ordinal)
            || point.StartsWith("product-types.", StringComparison.Ordinal)
                ? "catalog"
                : "ordering"
        );

    static string FaultsOf(RunningKontor process) => Path.Combine(process.Folder, "faults");

    static string SeenBy(RunningKontor process) => Path.Combine(process.Folder, "seen");
}

/// <summary>An order as its row says.</summary>
sealed record StandingOrder(Guid Id, Guid Cart, string Status, long Total, long Pieces, string Sku, string? Rejection)
{
    public string PaymentKey => $"order-{Id}";

    public bool IsSettled => Status is "placed" or "rejected";
}
