using System.Net;
using System.Net.Sockets;

namespace Kontor.Scenarios;

/// <summary>The two shapes in which a shop runs.</summary>
public enum Processes
{
    One,

    /// <summary>Catalog, Ordering and Identity, each with a database of its own.</summary>
    Three,
}

/// <summary>A whole shop, in one process or in three: what is asked of it goes to the process that has the service.</summary>
sealed class RunningShop : IAsyncDisposable
{
    readonly Dictionary<string, RunningKontor> services = new(StringComparer.Ordinal);

    RunningSandbox? sandbox;

    public RunningSandbox Sandbox => sandbox!; // Started before all else.

    public IReadOnlyList<RunningKontor> Processes => [.. services.Values.Distinct()];

    public RunningKontor Of(string service) => services[service];

    public static async Task<RunningShop> Open(Processes processes)
    {
        var shop = new RunningShop();
        try
        {
            shop.sandbox = await RunningSandbox.Start(FreePort());
            shop.Divide(processes, "--empty");
            await shop.Start();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>On databases that are configured and migrated, and outlive the processes.</summary>
    /// <param name="connection">A service's connection string.</param>
    /// <param name="prepare">Sets up each process before it starts for the first time.</param>
    public static async Task<RunningShop> OpenConfigured(
        Func<string, string> connection,
        Processes processes = Scenarios.Processes.One,
        Action<RunningKontor>? prepare = null
    )
    {
        var shop = new RunningShop { sandbox = await RunningSandbox.Start(FreePort()) };
        try
        {
            shop.Divide(processes);
            foreach (var (service, process) in shop.services)
            {
                process.Settings[$"ConnectionStrings__{char.ToUpperInvariant(service[0])}{service[1..]}"] = connection(
                    service
                );
                await GiveMasterKey(process);
            }
            foreach (var process in shop.Processes)
                prepare?.Invoke(process);
            await shop.Start();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public Task<string> Token(CancellationToken stop = default) => Of("identity").Token(stop);

    public Task<Answer> Send(HttpMethod method, string path, object? body, params (string, string)[] headers) =>
        Of(ServiceOf(path)).Send(method, path, body, headers);

    /// <summary>Every service's data holds to its invariants, and the services and the provider agree.</summary>
    public async Task Verify()
    {
        foreach (var process in Processes)
        {
            var (code, report) = await process.Command("verify");
            Assert.True(code == 0, report);
        }
        if (Processes.Count > 1)
        {
            var (code, report) = await Of("ordering").Command(await Everywhere(), "verify");
            Assert.True(code == 0, report);
            Assert.Contains("STOCK_IS_HELD_FOR_PLACED_ORDERS", report, StringComparison.Ordinal);
            Assert.DoesNotContain("not asked", report, StringComparison.Ordinal);
        }
    }

    /// <summary>Settings of an operator who reaches every service's database.</summary>
    async Task<Dictionary<string, string>> Everywhere()
    {
        var settings = new Dictionary<string, string>(Of("ordering").Settings, StringComparer.Ordinal);
        foreach (var (service, process) in services)
            settings[Connection(service)] = process.Settings.TryGetValue(Connection(service), out var configured)
                ? configured
                : (
                    new Npgsql.NpgsqlConnectionStringBuilder((await process.Owner()).ConnectionString)
                    {
                        Username = $"kontor_{service}",
                    }
                ).ConnectionString;
        return settings;
    }

    static string Connection(string service) => $"ConnectionStrings__{char.ToUpperInvariant(service[0])}{service[1..]}";

    public async Task CreateProduct(string sku, long amount, long stock)
    {
        var answer = await Send(
            HttpMethod.Post,
            "/api/v1/products",
            new
            {
                key = sku,
                title = "A thing that survives",
                variants = new[]
                {
                    new
                    {
                        sku,
                        prices = new[] { new { amount, currency = "EUR" } },
                        stock,
                    },
                },
            },
            ("Authorization", $"Bearer {await Token()}")
        );
        Assert.True(answer.Status == 201, answer.Text);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes)
            await process.DisposeAsync();
        if (sandbox is not null)
            await sandbox.DisposeAsync();
    }

    /// <summary>The sandbox outlives every process of the shop.</summary>
    void Pay(RunningKontor ordering)
    {
        ordering.Settings["Payments__Sandbox__Url"] = Sandbox.Url.ToString();
        ordering.Settings["Payments__Sandbox__SecretFile"] = Sandbox.SecretFile;
    }

    static async Task GiveMasterKey(RunningKontor process)
    {
        var master = Path.Combine(process.Folder, "master.key");
        process.Settings["Encryption__MasterKeyFile"] = master;
        if (File.Exists(master))
            return;
        await File.WriteAllBytesAsync(master, System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(master, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    void Divide(Processes processes, params string[] options)
    {
        var all = processes == Scenarios.Processes.One ? RunningKontor.Prepare(FreePort(), options) : null;
        foreach (var service in (string[])["identity", "catalog", "ordering"])
            services.Add(service, all ?? RunningKontor.Prepare(FreePort(), [.. options, "--services", service]));
    }

    async Task Start()
    {
        Pay(Of("ordering"));
        await Of("identity").Restart();
        if (Processes.Count == 1)
            return;
        await Introduce("catalog", "stream:read ordering:read");
        await Introduce("ordering", "stream:read catalog:read catalog:reserve");
        await Task.WhenAll(Of("catalog").Restart(), Of("ordering").Restart());
    }

    /// <summary>Gives a service a client of its own and the addresses of the others, as an operator does.</summary>
    async Task Introduce(string service, string scope)
    {
        var (code, client) = await Of("identity").Command("clients", "add", service, "--scope", scope);
        Assert.True(code == 0, client);
        var file = Path.Combine(Of(service).Folder, "service-client.json");
        await File.WriteAllLinesAsync(file, client.Split('\n').Where(line => line.StartsWith('{')));
        var settings = Of(service).Settings;
        settings["Services__CredentialsFile"] = file;
        foreach (var other in services.Keys.Where(other => other != service))
            settings[$"Services__{char.ToUpperInvariant(other[0])}{other[1..]}__Url"] = Of(other).Url;
    }

    static string ServiceOf(string path) =>
        path.Split('/', '?') switch
        {
            ["", "connect" or ".well-known", ..] => "identity",
            ["", "api", "v1", "carts" or "orders" or "payments", ..] => "ordering",
            _ => "catalog",
        };

    /// <summary>A port that is free now and, below the range that the system hands out, stays so.</summary>
    static int FreePort()
    {
        var random = new Random();
        while (true)
        {
            var port = random.Next(20_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
