using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;

namespace Kontor.Scenarios;

/// <summary>The built program in a process of its own, on a data folder of its own, as an operator would run it.</summary>
sealed class RunningKontor : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    readonly string[] options;
    readonly int port;
    Process? process;

    RunningKontor(string folder, int port, string[] options) =>
        (Folder, this.port, this.options) = (folder, port, options);

    public string Folder { get; }

    public string Url { get; private set; } = "";

    public string Log => Path.Combine(Folder, "kontor.log");

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The program, where the build put it: beside the test programs.</summary>
    public static string Program =>
        Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "Kontor.Host",
                Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
                "kontor.dll"
            )
        );

    /// <summary>Set for the program at its next start.</summary>
    public Dictionary<string, string> Settings { get; } =
        new(StringComparer.Ordinal) { ["RateLimits__Enabled"] = "false" };

    public bool IsRunning => process is { HasExited: false };

    public static async Task<RunningKontor> Start(params string[] options)
    {
        var running = Prepare(port: 0, options);
        await running.Restart();
        return running;
    }

    /// <summary>A folder and an address; nothing runs yet.</summary>
    /// <param name="port">0: another one at each start.</param>
    public static RunningKontor Prepare(int port, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // PostgreSQL's user enters it
        return new(folder, port, options) { Url = $"http://127.0.0.1:{port}" };
    }

    /// <summary>Starts the program again on the same folder; ready when it returns.</summary>
    public async Task Restart()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] serve = [Program, "serve", "--data", Folder, "--urls", $"http://127.0.0.1:{port}", "--json"];
        foreach (var argument in (string[])[.. serve, .. options])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (start)
                File.AppendAllText(Log, line.Data + "\n");
        };
        process.BeginErrorReadLine();
        using var late = new CancellationTokenSource(StartLimit);
        var ready =
            await process.StandardOutput.ReadLineAsync(late.Token)
            ?? throw new InvalidOperationException($"Kontor did not start:\n{await File.ReadAllTextAsync(Log)}");
        Url = JsonDocument.Parse(ready).RootElement.GetProperty("urls")[0].GetString()!;
    }

    /// <summary>As the power going: no shutdown, no draining.</summary>
    public async Task Kill()
    {
        process!.Kill();
        await Ended();
    }

    /// <summary>Waits until the program has ended, by itself or by another's hand.</summary>
    public async Task Ended()
    {
        await process!.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>A token with every scope, by the credentials of the first start.</summary>
    public async Task<string> Token(CancellationToken stop = default)
    {
        var first = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(Folder, "first-credentials.json"), stop)
        );
        using var ask = new HttpRequestMessage(HttpMethod.Post, $"{Url}/connect/token");
        ask.Content = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", first.RootElement.GetProperty("client_id").GetString()),
            new("client_secret", first.RootElement.GetProperty("client_secret").GetString()),
        ]);
        using var answer = await Http.SendAsync(ask, stop);
        answer.EnsureSuccessStatusCode();
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
        return token.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>Runs a command of the program on this folder: its exit code and what it said.</summary>
    public Task<(int Code, string Output)> Command(params string[] arguments) => Command(Settings, arguments);

    public async Task<(int Code, string Output)> Command(
        IReadOnlyDictionary<string, string> settings,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])[Program, .. arguments, "--data", Folder])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return await Finish(start);
    }

    /// <summary>The private cluster's superuser, as the running program tells other processes of the same user.</summary>
    public async Task<NpgsqlConnectionStringBuilder> Owner()
    {
        using var told = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "connection.json")));
        return new(told.RootElement.GetProperty("Connection").GetString()) { Pooling = false };
    }

    /// <summary>Runs a statement as the superuser, past every rule of the program.</summary>
    public async Task Tamper(string sql)
    {
        await using var connection = new NpgsqlConnection((await Owner()).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<(int Code, string Output)> Finish(ProcessStartInfo start)
    {
        using var run = Process.Start(start)!;
        var errors = run.StandardError.ReadToEndAsync();
        var output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();
        return (run.ExitCode, output + await errors);
    }

    public async Task<Answer> Send(HttpMethod method, string path, object? body, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"{Url}{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (IsRunning)
            await Kill();
        // The killed host's PostgreSQL stops by itself; until then it writes into its folder.
        for (var tries = 0; ; tries++)
            try
            {
                Directory.Delete(Folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 200)
            {
                await Task.Delay(50);
            }
    }
}

/// <summary>What came back.</summary>
sealed record Answer(int Status, string Text)
{
    public JsonElement Data => JsonDocument.Parse(Text).RootElement.GetProperty("data");

    public string? Code =>
        JsonDocument.Parse(Text).RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;

    public override string ToString() => $"{Status} {Text}";
}
