using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kontor.Testing;

/// <summary>A Redis server of its own, which holds everything in memory and ends with the test.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kontor-redis-");
    readonly int port;
    Process? process;

    RedisServer(int port) => this.port = port;

    public const string WhyNot = "No redis-server here. Debian, Ubuntu: apt-get install redis-server.";

    /// <summary>As the program is configured with it.</summary>
    public string ConnectionString => $"127.0.0.1:{port},connectTimeout=1000";

    /// <summary>Starts one; skips the test where there is no program for it.</summary>
    public static async Task<RedisServer> Start()
    {
        var server = new RedisServer(FreePort());
        try
        {
            await server.Restart();
        }
        catch (Win32Exception)
        {
            await server.DisposeAsync();
            Assert.Skip(WhyNot);
        }
        return server;
    }

    /// <summary>Starts it anew, with nothing in it.</summary>
    public async Task Restart()
    {
        var start = new ProcessStartInfo("redis-server")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] words =
        [
            "--bind",
            "127.0.0.1",
            "--port",
            $"{port}",
            "--dir",
            folder.FullName,
            "--save",
            "",
            "--appendonly",
            "no",
            "--enable-debug-command",
            "yes",
        ];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        process = Process.Start(start) ?? throw new Win32Exception();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var begun = TimeProvider.System.GetTimestamp();
        while (await Ask("PING") != "+PONG")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < StartLimit, "redis-server did not start in time.");
            await Task.Delay(20);
        }
    }

    public Task Flush() => Ask("FLUSHALL");

    /// <summary>For so long it answers nobody.</summary>
    public Task Freeze(TimeSpan time) => Ask($"DEBUG SLEEP {time.TotalSeconds.ToString(null, null)}");

    public void Kill()
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    /// <summary>One command as one line; the first line of the answer, empty where there is none.</summary>
    public async Task<string> Ask(string command)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await using var stream = client.GetStream();
            await using var writer = new StreamWriter(stream);
            using var reader = new StreamReader(stream);
            await writer.WriteAsync($"{command}\r\n");
            await writer.FlushAsync();
            return await reader.ReadLineAsync() ?? "";
        }
        catch (Exception away) when (away is SocketException or IOException)
        {
            return "";
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
