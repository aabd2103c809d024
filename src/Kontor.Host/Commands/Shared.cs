using System.CommandLine;
using Kontor.Host.Checks;
using Kontor.Host.Serving;
using Kontor.Platform;
using Kontor.Platform.Neighbours;
using Kontor.Platform.Postgres;

namespace Kontor.Host.Commands;

/// <summary>What every command takes and how it reaches the database.</summary>
static class Shared
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data folder: keys, the private database, the first credentials.",
        DefaultValueFactory = _ => Installation.DefaultFolder,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Write machine-readable JSON to standard output.",
    };

    /// <summary>Logs go to standard error; standard output is the answer.</summary>
    public static ILoggerFactory Logs(bool json) =>
        LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Kontor", LogLevel.Information);
            logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
            // A neighbour that is away is told of once, by who needed it, and not with a stack for every try.
            logging.AddFilter("Polly", LogLevel.None);
            // Refused callers are the callers' affair: anybody could fill the log with them.
            logging.AddFilter("Kontor.Platform.Access.KontorBearer", LogLevel.Warning);
            logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
                console.LogToStandardErrorThreshold = LogLevel.Trace
            );
            if (json)
                logging.AddJsonConsole();
            else
                logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.TimestampFormat = "HH:mm:ss ";
                });
        });

    /// <summary>What a command needs of one service; a database that holds other services only is not the right one.</summary>
    public static T Of<T>(this IServiceProvider services, string service)
        where T : notnull =>
        services.GetService<T>()
        ?? throw new MisconfiguredException(
            $"{service} does not live in this database: run the command where it does (--data, ConnectionStrings)."
        );

    /// <summary>The data folder that was named, or the usual one.</summary>
    /// <exception cref="MisconfiguredException">It was named with no name: what a variable that is not set becomes.</exception>
    public static string FolderOf(ParseResult parsed) =>
        parsed.GetValue(Data) is { } folder && !string.IsNullOrWhiteSpace(folder)
            ? Path.GetFullPath(folder)
            : throw new MisconfiguredException("--data is empty; name a folder, or leave it out.");

    /// <summary>As <see cref="WithServices"/>, for what only looks: where there is no Kontor it makes none.</summary>
    public static Task<int> WithStanding(
        ParseResult parsed,
        Func<IServiceProvider, PostgresAccess, Task<int>> run,
        CancellationToken stop
    )
    {
        var folder = FolderOf(parsed);
        return PostgresAccess.IsConfigured(Installation.Configuration()) || PostgresAccess.StandsIn(folder)
            ? WithServices(parsed, run, stop)
            : throw new MisconfiguredException(
                $"There is no Kontor in {folder}: name its data folder with --data, or its database in ConnectionStrings."
            );
    }

    /// <summary>Runs a command beside a server or alone: with the services' classes, without their doors.</summary>
    public static async Task<int> WithServices(
        ParseResult parsed,
        Func<IServiceProvider, PostgresAccess, Task<int>> run,
        CancellationToken stop
    )
    {
        using var logs = Logs(parsed.GetValue(Json));
        var installation = new Installation(FolderOf(parsed));
        Directory.CreateDirectory(installation.Folder);
        var configuration = Installation.Configuration();
        await using var postgres = await PostgresAccess.Open(
            installation.Folder,
            configuration,
            PostgresUse.Command,
            logs.CreateLogger("Kontor.Postgres"),
            stop
        );
        var present = await postgres.Present(Installation.Services, stop);
        // An empty folder becomes a whole installation; one that a server made keeps the services that it has.
        if (present.Count == 0)
            present = Installation.Services;
        if (postgres.Origin == PostgresOrigin.Private)
            await postgres.Migrate(Installation.SchemasOf(present), logs.CreateLogger("Kontor.Migrations"), stop);

        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(logs);
        services.AddLogging();
        services.AddSingleton(_ => installation.OpenKeys(configuration, postgres.Origin));
        var neighbours = NeighbourSettings.Read(
            configuration,
            Installation.Services.Except(present, StringComparer.Ordinal)
        );
        services.AddNeighbours(neighbours);
        var place = new Place(installation, configuration, postgres);
        Composition.Add(services, present, neighbours, place);
        services.AddChecks(present, place);
        await using var provider = services.BuildServiceProvider();
        return await run(provider, postgres);
    }
}
