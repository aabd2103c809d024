using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kontor.Testing;

namespace Kontor.Scenarios;

/// <summary>What an operator reads when the program cannot start: a sentence, never a stack.</summary>
public sealed class FailedStartTests
{
    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var neighbour = new TcpListener(IPAddress.Loopback, 0);
        neighbour.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)neighbour.LocalEndpoint).Port}";

        Assert.Contains(url, await Fails("serve", "--urls", url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named() =>
        Assert.Contains("'garbage'", await Fails("serve", "--urls", "garbage"), StringComparison.Ordinal);

    /// <summary>Settings and arguments of one line: <c>Name=value</c> is a setting, the rest are arguments, <c>""</c> is an
    /// empty one. Nothing is started and nothing made for any of them.</summary>
    [Theory]
    [InlineData("serve RateLimits__Money__PerSecond=0", "RateLimits:Money:PerSecond is '0'")]
    [InlineData("serve RateLimits__Token__Burst=abc", "RateLimits:Token:Burst is 'abc'")]
    [InlineData("serve Checkout__AwaitPayment=nonsense", "Checkout:AwaitPayment is 'nonsense'")]
    [InlineData("serve Checkout__AwaitPayment=-00:30:00", "Checkout:AwaitPayment is '-00:30:00'")]
    [InlineData("serve Checkout__StandStill=00:00:00", "Checkout:StandStill is '00:00:00'")]
    [InlineData("serve Identity__Issuer=nonsense", "Identity:Issuer is 'nonsense'")]
    [InlineData("serve Identity__Issuer=http://shop.example", "https://api.example.com")]
    [InlineData("serve Media__S3__Bucket=pictures", "Media:S3:Endpoint is not set")]
    [InlineData("serve Media__S3__Endpoint=http://store.example", "plain http to another machine")]
    [InlineData("serve ConnectionStrings__Catalog=garbage", "ConnectionStrings:Catalog cannot be read")]
    [InlineData("verify ConnectionStrings__Owner=Host=x;Password=a;hush=b", "ConnectionStrings:Owner cannot be read")]
    [InlineData("serve --urls http://127.0.0.1:99999", "http://127.0.0.1:99999")]
    [InlineData("serve --urls https://127.0.0.1:0", "certificate")]
    [InlineData("serve --urls ftp://127.0.0.1:0", "http:// only")]
    [InlineData("serve --urls http://unix:/tmp/kontor.sock/", "is not an address")]
    [InlineData("serve --urls \"\"", "--urls names no address")]
    [InlineData("serve --data \"\"", "--data is empty")]
    [InlineData("verify", "There is no Kontor in")]
    [InlineData("verify --json", "MISCONFIGURED")]
    [InlineData("clients list", "There is no Kontor in")]
    [InlineData("clients remove somebody", "There is no Kontor in")]
    public async Task A_mistake_of_the_operator_gets_a_sentence_and_makes_nothing(string line, string sentence)
    {
        var parent = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        var folder = Path.Combine(parent, "none");
        var words = line.Split(' ').ToLookup(word => word.Contains("__", StringComparison.Ordinal));
        (string, string)[] settings =
        [
            .. words[true].Select(word => word.Split('=', 2)).Select(setting => (setting[0], setting[1])),
        ];
        List<string> arguments = [.. words[false].Select(word => word == "\"\"" ? "" : word)];
        if (!arguments.Contains("--data"))
            arguments.AddRange(["--data", folder]);

        var said = await Fails(settings, [.. arguments]);

        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(parent));
        Directory.Delete(parent);
    }

    [Theory]
    [InlineData("verify", "POSTGRES_UNAVAILABLE")]
    [InlineData("clients list", "POSTGRES_UNAVAILABLE")]
    public async Task A_database_that_nobody_answers_for_is_named_without_its_password(string command, string code)
    {
        // Held and not listened at: nobody else can take it meanwhile, and nobody answers.
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)nobody.LocalEndPoint!).Port;
        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        (string, string)[] configured =
        [
            .. new[] { "Catalog", "Ordering", "Identity" }.Select(service =>
                ($"ConnectionStrings__{service}", $"Host=127.0.0.1;Port={port};Username=somebody;Password=hush")
            ),
        ];

        var said = await Fails(configured, [.. command.Split(' '), "--data", folder, "--json"]);

        Directory.Delete(folder, recursive: true);
        Assert.Contains(code, said, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"client_id":"a","client_secret":7}""")]
    public async Task A_credentials_file_that_holds_no_client_is_named(string text)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text);

        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;

        var said = await Fails(
            [("Services__CredentialsFile", file)],
            "serve",
            "--data",
            folder,
            "--urls",
            "http://127.0.0.1:0"
        );

        Directory.Delete(folder, recursive: true);
        File.Delete(file);
        Assert.Contains(file, said, StringComparison.Ordinal);
        Assert.Contains("client_secret", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whsec_", "base64", false)]
    [InlineData("hello", "base64", false)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "chmod o=", true)]
    public async Task A_sandbox_secret_that_is_none_or_everybodys_is_refused(string text, string sentence, bool isOpen)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var books = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        var file = Path.Combine(books, "secret");
        await File.WriteAllTextAsync(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | (isOpen ? UnixFileMode.OtherRead : UnixFileMode.None));

        var said = await Fails("sandbox", "--books", books, "--urls", "http://127.0.0.1:0");

        Directory.Delete(books, recursive: true);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.Contains(file, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"no":2,"kind":"delivered","key":"a","at":"2026-01-01T00:00:00Z"}""")]
    public async Task A_broken_line_of_the_books_is_named(string line)
    {
        var books = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        var file = Path.Combine(books, "books.ndjson");
        const string First =
            """{"no":1,"kind":"booked","key":"k","at":"2026-01-01T00:00:00Z","state":"declined","reference":"r"}""";
        await File.WriteAllTextAsync(file, $"{First}\n{line}\n");

        var said = await Fails("sandbox", "--books", books, "--urls", "http://127.0.0.1:0");

        Directory.Delete(books, recursive: true);
        Assert.Contains($"Line 2 of the sandbox's books {file}", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Books_that_another_sandbox_has_are_named()
    {
        var books = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        await using (
            new FileStream(
                Path.Combine(books, "books.ndjson.lock"),
                FileMode.Create,
                FileAccess.ReadWrite,
                FileShare.None
            )
        )
            Assert.Contains(
                "Another sandbox has these books",
                await Fails("sandbox", "--books", books, "--urls", "http://127.0.0.1:0"),
                StringComparison.Ordinal
            );
        Directory.Delete(books, recursive: true);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("verify")]
    public async Task A_folder_that_cannot_be_made_is_named(string command)
    {
        var file = Path.GetTempFileName();
        try
        {
            var folder = Path.Combine(file, "data");
            Assert.Contains(file, await Fails(command, "--data", folder), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_database_that_was_not_migrated_says_how_to()
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        await using var database = await TestPostgres.NewEmptyDatabase();
        (string, string)[] configured =
        [
            .. new[] { "Catalog", "Ordering", "Identity" }.Select(service =>
                ($"ConnectionStrings__{service}", database.OwnerConnectionString)
            ),
        ];
        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;

        var said = await Fails(configured, "serve", "--data", folder, "--urls", "http://127.0.0.1:0");

        Directory.Delete(folder, recursive: true);
        Assert.Contains("kontor migrate", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("configured nowhere", "Encryption:MasterKeyFile")]
    [InlineData("missing", "is not there")]
    [InlineData("short", "5 bytes")]
    [InlineData("open", "by everybody")]
    public async Task A_configured_database_without_a_good_master_key_says_how_to_get_one(string state, string sentence)
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var database = await TestPostgres.NewDatabase();
        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        var key = Path.Combine(folder, "master.key");
        if (state != "missing")
            await File.WriteAllBytesAsync(key, new byte[state == "short" ? 5 : 32]);
        if (state == "short")
            File.SetUnixFileMode(key, UnixFileMode.UserRead);
        else if (state == "open")
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        List<(string, string)> configured =
        [
            .. new[] { "Catalog", "Ordering", "Identity" }.Select(service =>
                ($"ConnectionStrings__{service}", database.ConnectionString(service.ToLowerInvariant()))
            ),
        ];
        if (state != "configured nowhere")
            configured.Add(("Encryption__MasterKeyFile", key));

        var said = await Fails([.. configured], "serve", "--data", folder, "--urls", "http://127.0.0.1:0");

        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "keys", "persons")));
        Directory.Delete(folder, recursive: true);
    }

    static Task<string> Fails(params string[] arguments) => Fails([], arguments);

    static async Task<string> Fails((string Name, string Value)[] settings, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(RunningKontor.Program), $"{RunningKontor.Program} is not built.");
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[RunningKontor.Program, .. arguments])
            start.ArgumentList.Add(argument);

        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var (code, output) = await RunningKontor.Finish(start);

        Assert.True(code == 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output;
    }
}
