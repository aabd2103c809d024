using System.CommandLine;
using System.Text.Json;
using Kontor.Host.Serving;

namespace Kontor.Host.Commands;

/// <summary><c>kontor serve</c>: runs the services until it is stopped.</summary>
static class ServeCommand
{
    static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where to listen, separated by ';'.",
        DefaultValueFactory = _ => "http://localhost:8080",
    };

    static readonly Option<bool> Empty = new("--empty") { Description = "Load no demo catalogue at the first start." };

    static readonly Option<string> Services = new("--services")
    {
        Description =
            $"Which services run in this process, separated by ',': {string.Join(',', Installation.Services)}.",
        DefaultValueFactory = _ => string.Join(',', Installation.Services),
    };

    public static Command Make()
    {
        var command = new Command("serve", "Serves the API; everything, or the services named.")
        {
            Urls,
            Shared.Data,
            Empty,
            Services,
            Shared.Json,
        };
        command.SetAction(Run);
        return command;
    }

    static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var isJson = parsed.GetValue(Shared.Json);
        var services = Split(parsed.GetValue(Services), ',');
        if (Refuse(services) is { } reason)
            return Answer.Fail(isJson, "UNKNOWN_SERVICES", reason);

        var urls = Split(parsed.GetValue(Urls), ';');
        if (Addresses.WhyNot(urls) is { } closed)
            return Answer.Fail(isJson, "ADDRESS_UNUSABLE", closed);

        var settings = new ServeSettings(Shared.FolderOf(parsed), urls, services, parsed.GetValue(Empty));
        using var logs = Shared.Logs(isJson);
        await using var server = await KontorServer.Start(settings, Installation.Configuration(), logs, stop);
        Say(server, settings, isJson);
        await server.WaitForShutdown(stop);
        return 0;
    }

    static string? Refuse(string[] services) =>
        services.Length == 0 || services.Except(Installation.Services, StringComparer.Ordinal).Any()
            ? $"--services takes some of: {string.Join(',', Installation.Services)}."
            : null;

    static void Say(KontorServer server, ServeSettings settings, bool isJson)
    {
        var url = server.Urls.First();
        var credentials = new Installation(settings.Folder).FirstCredentials;
        if (isJson)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        status = "ready",
                        urls = server.Urls,
                        services = settings.Services,
                        data = settings.Folder,
                        sandbox = server.Sandbox,
                        credentials = File.Exists(credentials) ? credentials : null,
                    }
                )
            );
            return;
        }
        Console.WriteLine(
            $"""
            Kontor is open.
              API      {url}/api/v1
              Docs     {url}/docs
              GraphQL  {url}/graphql
              Stream   {url}/api/v1/stream (WebSocket or Server-Sent Events)
              Data     {settings.Folder}
            """
        );
        if (server.Sandbox is not null)
            Console.WriteLine($"  Payments are play money, taken by the sandbox at {server.Sandbox}");
        if (File.Exists(credentials))
            Console.WriteLine($"  A client with every scope: {credentials}");
        Console.WriteLine("Stop with Ctrl+C.");
    }

    static string[] Split(string? text, char separator) =>
        (text ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
