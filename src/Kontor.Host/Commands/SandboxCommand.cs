using System.CommandLine;
using System.Text.Json;
using Kontor.Host.Serving;
using Kontor.Sandbox;

namespace Kontor.Host.Commands;

/// <summary><c>kontor sandbox</c>: runs the sandbox payment provider, a system of its own, until it is stopped.</summary>
static class SandboxCommand
{
    static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where to listen, separated by ';'.",
        DefaultValueFactory = _ => "http://127.0.0.1:8090",
    };

    static readonly Option<string> Books = new("--books")
    {
        Description = "The folder of its books.",
        DefaultValueFactory = _ => Path.Combine(Installation.DefaultFolder, "sandbox"),
    };

    static readonly Option<string?> Secret = new("--secret")
    {
        Description = "The file with its secret, made at the first start; usually 'secret' beside the books.",
    };

    public static Command Make()
    {
        var command = new Command("sandbox", "Runs the sandbox payment provider, which takes no real money.")
        {
            Urls,
            Books,
            Secret,
            Shared.Json,
        };
        command.SetAction(Run);
        return command;
    }

    static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var isJson = parsed.GetValue(Shared.Json);
        var urls = parsed
            .GetValue(Urls)!
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Addresses.WhyNot(urls) is { } closed)
            return Answer.Fail(isJson, "ADDRESS_UNUSABLE", closed);
        if (parsed.GetValue(Books) is not { Length: > 0 } books || parsed.GetValue(Secret) is "")
            return Answer.Fail(isJson, "MISCONFIGURED", "--books or --secret is empty; name one, or leave it out.");

        var settings = SandboxSettings.In(Path.GetFullPath(books), urls);
        if (parsed.GetValue(Secret) is { } file)
            settings = settings with { SecretFile = Path.GetFullPath(file) };
        using var logs = Shared.Logs(isJson);
        await using var sandbox = await SandboxServer.Start(settings, logs, stop);
        Say(sandbox, settings, isJson);
        await sandbox.WaitForShutdown(stop);
        return 0;
    }

    static void Say(SandboxServer sandbox, SandboxSettings settings, bool isJson)
    {
        if (isJson)
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        status = "ready",
                        urls = sandbox.Urls,
                        books = settings.Folder,
                        secret = settings.SecretFile,
                    }
                )
            );
        else
            Console.WriteLine(
                $"""
                The sandbox takes play money.
                  API     {sandbox.Urls.First()}/v1
                  Books   {settings.Folder}
                  Secret  {settings.SecretFile}
                Stop with Ctrl+C.
                """
            );
    }
}
