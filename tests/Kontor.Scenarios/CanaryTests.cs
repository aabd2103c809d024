using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace Kontor.Scenarios;

/// <summary>A guest whose every word is found again if it is written anywhere: rows, dead rows, write-ahead log, dumps,
/// logs. The goods have a word of their own, which must be found, or the search would prove nothing.</summary>
public sealed class CanaryTests
{
    const string Street = "Sjtrgtn7Qvxwzk";
    const string Person = "Zqvbyronwxkjad";
    const string Mailbox = "qzxadakvjwmail";
    const string City = "Vxqzbystadkwj";
    const string Postcode = "Q7X9Z5K3W1";
    const string Phone = "4670174061975309";
    const string Secret = "tokqzxwvkjpan42";
    const string Goods = "Kntrlltssqzxwv";
    static readonly string[] Canaries = [Street, Person, Mailbox, City, Postcode, Phone, Secret];

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Nothing_about_a_guest_is_written_anywhere_in_the_open()
    {
        await using var kontor = await Machinery.Start("--empty");
        await OpenShop(kontor);
        var guest = await Buy(kontor);

        var (found, proof) = await Search(kontor);

        Assert.Equal([], found);
        IsProven(proof);
        await Erase(kontor, guest);
        Assert.Equal([], (await Search(kontor)).Found);
        var (code, report) = await kontor.Command("verify");
        Assert.True(code == 0, report);
    }

    [Fact]
    public void The_search_finds_a_word_in_every_shape()
    {
        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        foreach (var (shape, bytes) in Leak.ShapesOf(Person))
        {
            var file = Path.Combine(folder, "planted");
            File.WriteAllBytes(file, [.. "before "u8, .. bytes, .. " behind"u8]);
            Assert.Contains($"{file}: {Person} as {shape}", Leak.Find([file], Street, Person));
        }
        for (var offset = 0; offset < 3; offset++)
        {
            var file = Path.Combine(folder, "coded");
            var text = System.Text.Encoding.UTF8.GetBytes($"{new string('x', offset)}{Person} lives in {City}");
            File.WriteAllText(file, Convert.ToBase64String(text));
            Assert.Contains($"{file}: {Person} as base64 at {offset}", Leak.Find([file], Person));
        }
        File.WriteAllText(Path.Combine(folder, "empty"), "nothing of it");
        Assert.Empty(Leak.Find([Path.Combine(folder, "empty")], Canaries));
        Directory.Delete(folder, recursive: true);
    }

    static async Task OpenShop(RunningKontor kontor)
    {
        var answer = await kontor.Send(
            HttpMethod.Post,
            "/api/v1/products",
            new
            {
                key = "control",
                title = Goods,
                variants = new[]
                {
                    new
                    {
                        sku = "CONTROL",
                        prices = new[] { new { amount = 1_250, currency = "EUR" } },
                        stock = 100,
                    },
                },
            },
            ("Authorization", $"Bearer {await kontor.Token()}")
        );
        Assert.True(answer.Status == 201, answer.Text);
    }

    /// <summary>Buys, with every mistake and every repetition that a guest can make on the way.</summary>
    static async Task<Guest> Buy(RunningKontor kontor)
    {
        var opened = await kontor.Send(HttpMethod.Post, "/api/v1/carts", new { currency = "EUR" });
        var guest = new Guest(
            kontor,
            opened.Data.GetProperty("id").GetString()!,
            opened.Data.GetProperty("token").GetString()!
        );
        await guest.Says(200, HttpMethod.Post, "/lines", new { sku = "CONTROL", quantity = 2 });
        await Err(guest);
        for (var time = 0; time < 2; time++)
            await guest.Says(200, HttpMethod.Put, "/addresses", Addresses(), "address");
        await guest.Says(422, HttpMethod.Put, "/addresses", Addresses(City + City), "address");
        await guest.Says(200, HttpMethod.Put, "/addresses", Addresses(Person));
        await guest.Says(422, HttpMethod.Post, "/checkout", Payment(Secret), "unknown-token");
        await guest.Says(402, HttpMethod.Post, "/checkout", Payment("tok_decline"), "declined");
        await guest.Says(200, HttpMethod.Put, "/addresses", Addresses());
        for (var time = 0; time < 2; time++)
            guest.Order = (await guest.Says(201, HttpMethod.Post, "/checkout", Payment("tok_approve"), "paid"))
                .Data.GetProperty("id")
                .GetString()!;
        var order = await guest.Reads($"/api/v1/orders/{guest.Order}");
        Assert.Equal($"{Mailbox}@example.org", order.Data.GetProperty("email").GetString());
        Assert.Equal(Street, order.Data.GetProperty("shipping").GetProperty("line1").GetString());
        await guest.Reads($"/api/v1/orders/{guest.Order}/events");
        return guest;
    }

    static async Task Err(Guest guest)
    {
        await guest.Says(400, HttpMethod.Put, "/addresses", new { email = $"{Mailbox} at home", shipping = Address() });
        await guest.Says(400, HttpMethod.Put, "/addresses", new { email = $"{Mailbox}@example.org", phone = Phone });
        await guest.Says(400, HttpMethod.Put, "/addresses", Addresses(string.Concat(Enumerable.Repeat(Street, 50))));
        await guest.Says(400, HttpMethod.Put, "/addresses", new { email = new { Mailbox }, shipping = Person });
        await guest.Says(400, HttpMethod.Put, $"/addresses?phone={Phone}&mail={Mailbox}", Addresses());
        await guest.Says(404, HttpMethod.Get, $"/{Mailbox}@example.org/{Person}", null);
        await guest.Says(409, HttpMethod.Post, "/checkout", Payment("tok_approve"), "too-early");
    }

    static async Task Erase(RunningKontor kontor, Guest guest)
    {
        for (var time = 0; time < 2; time++)
            await guest.Says(200, HttpMethod.Delete, "/person", null);
        await kontor.Kill();
        await kontor.Restart();
        var order = await guest.Reads($"/api/v1/orders/{guest.Order}");
        Assert.Equal("[erased]", order.Data.GetProperty("email").GetString());
        Assert.Equal(2_500, order.Data.GetProperty("totals").GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal(
            "ANSWER_ERASED",
            (await guest.Says(410, HttpMethod.Put, "/addresses", Addresses(), "address")).Code
        );
        await guest.Says(409, HttpMethod.Put, "/addresses", Addresses());
    }

    /// <summary>Every file of the data folder, once the server has written out all that it holds, and a dump.</summary>
    static async Task<(IReadOnlyList<string> Found, IReadOnlyList<string> Proof)> Search(RunningKontor kontor)
    {
        var connection = await ConnectionOf(kontor);
        await using (var owner = new NpgsqlConnection(connection.ConnectionString))
        {
            await owner.OpenAsync();
            await using var write = new NpgsqlCommand("checkpoint", owner);
            await write.ExecuteNonQueryAsync();
            await using var compression = new NpgsqlCommand("show wal_compression", owner);
            Assert.Equal("off", await compression.ExecuteScalarAsync());
        }
        var dump = Path.Combine(kontor.Folder, "dump.sql");
        await Dump(connection, dump);
        var files = Directory
            .GetFiles(kontor.Folder, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file) is { Exists: true, Length: > 0 }) // no sockets, no locks
            .ToList();
        return (Leak.Find(files, Canaries), Leak.Find(files, Goods, "Made a PostgreSQL"));
    }

    /// <summary>The same search found what it must find, everywhere.</summary>
    static void IsProven(IReadOnlyList<string> proof)
    {
        Assert.Contains(proof, found => found.Contains("/base/", StringComparison.Ordinal));
        Assert.Contains(proof, found => found.Contains("/pg_wal/", StringComparison.Ordinal));
        Assert.Contains(proof, found => found.Contains("dump.sql", StringComparison.Ordinal));
        Assert.Contains(proof, found => found.Contains("kontor.log", StringComparison.Ordinal));
    }

    static async Task<NpgsqlConnectionStringBuilder> ConnectionOf(RunningKontor kontor)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(kontor.Folder, "connection.json"));
        using var file = JsonDocument.Parse(text);
        return new(file.RootElement.GetProperty("Connection").GetString()!) { Pooling = false };
    }

    static async Task Dump(NpgsqlConnectionStringBuilder connection, string file)
    {
        var start = new ProcessStartInfo(await Testing.TestPostgres.Program("pg_dump"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string?[] arguments =
        [
            "--host",
            connection.Host,
            "--port",
            $"{connection.Port}",
            "--username",
            connection.Username,
            "--inserts",
            "--file",
            file,
            connection.Database,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument!);
        start.Environment["PGPASSWORD"] = connection.Password;
        var (code, said) = await RunningKontor.Finish(start);
        Assert.True(code == 0, said);
    }

    static object Address(string line1 = Street) =>
        new
        {
            name = Person,
            line1,
            city = City,
            postalCode = Postcode,
            country = "SE",
            region = Phone,
        };

    static object Addresses(string line1 = Street) =>
        new
        {
            email = $"{Mailbox}@example.org",
            shipping = Address(line1),
            billing = Address(),
        };

    static object Payment(string token) =>
        new { expectedTotal = new { amount = 2_500, currency = "EUR" }, payment = new { provider = "sandbox", token } };

    sealed class Guest(RunningKontor kontor, string cart, string token)
    {
        public string Order { get; set; } = "";

        public async Task<Answer> Says(int expected, HttpMethod method, string path, object? body, string? key = null)
        {
            (string, string)[] headers = [("Kontor-Cart-Token", token)];
            if (key is not null)
                headers = [.. headers, ("Idempotency-Key", key)];
            var answer = await kontor.Send(method, $"/api/v1/carts/{cart}{path}", body, headers);
            Assert.True(answer.Status == expected, $"{method} {path}: {answer.Status}: {answer.Text}");
            return answer;
        }

        public async Task<Answer> Reads(string path)
        {
            var answer = await kontor.Send(HttpMethod.Get, path, null, ("Kontor-Cart-Token", token));
            Assert.True(answer.Status == 200, answer.Text);
            return answer;
        }
    }
}
