using System.CommandLine;
using System.Text.Json;
using Kontor.Host.Serving;
using Kontor.Platform.Postgres;

namespace Kontor.Host.Commands;

/// <summary><c>kontor migrate</c>: brings the database to what this version needs.</summary>
static class MigrateCommand
{
    static readonly Option<bool> Print = new("--print")
    {
        Description = "Print the SQL for an empty database instead of applying anything.",
    };

    static readonly Option<string> Services = new("--services")
    {
        Description = "Only these services, separated by ','.",
        DefaultValueFactory = _ => string.Join(',', Installation.Services),
    };

    public static Command Make()
    {
        var command = new Command("migrate", "Brings the database to what this version needs.")
        {
            Print,
            Services,
            Shared.Data,
            Shared.Json,
        };
        command.SetAction(Run);
        return command;
    }

    static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var isJson = parsed.GetValue(Shared.Json);
        var wanted = parsed.GetValue(Services)!.Split(',', StringSplitOptions.RemoveEmptyEntries);
        ServiceSchema[] schemas =
        [
            .. Installation.Schemas.Where(schema => wanted.Contains(schema.Name, StringComparer.Ordinal)),
        ];
        if (schemas.Length != wanted.Length || schemas.Length == 0)
            return Answer.Fail(
                isJson,
                "UNKNOWN_SERVICES",
                $"--services takes some of: {string.Join(',', Installation.Services)}."
            );
        if (parsed.GetValue(Print))
        {
            Console.WriteLine(Migrations.Script(schemas));
            return 0;
        }
        using var logs = Shared.Logs(isJson);
        var folder = Shared.FolderOf(parsed);
        Directory.CreateDirectory(folder);
        await using var postgres = await PostgresAccess.Open(
            folder,
            Installation.Configuration(),
            PostgresUse.Command,
            logs.CreateLogger("Kontor.Postgres"),
            stop
        );
        var applied = await postgres.Migrate(schemas, logs.CreateLogger("Kontor.Migrations"), stop);
        Console.WriteLine(isJson ? JsonSerializer.Serialize(new { applied }) : $"{applied} scripts applied.");
        return 0;
    }
}
