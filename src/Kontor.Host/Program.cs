using System.CommandLine;
using Kontor.Host.Commands;
using Kontor.Platform;
using Kontor.Platform.Encryption;
using Kontor.Platform.Postgres;
using Npgsql;

var root = new RootCommand("Kontor, a headless commerce backend.")
{
    ServeCommand.Make(),
    ImportCommand.Make(),
    ExportCommand.Make(),
    MigrateCommand.Make(),
    VerifyCommand.Make(),
    ClientsCommand.Make(),
    SandboxCommand.Make(),
};
var isJson = args.Contains("--json", StringComparer.Ordinal);
try
{
    return await root.Parse(args.Length == 0 ? ["serve"] : args)
        .InvokeAsync(
            new()
            {
                EnableDefaultExceptionHandler = false,
                // Draining takes its time; a second signal is for the impatient.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
            }
        );
}
catch (PostgresUnavailableException unavailable)
{
    return Answer.Fail(isJson, "POSTGRES_UNAVAILABLE", unavailable.Message);
}
catch (MisconfiguredException misconfigured)
{
    return Answer.Fail(isJson, "MISCONFIGURED", misconfigured.Message);
}
catch (KeyUnavailableException missing)
{
    return Answer.Fail(isJson, "KEY_UNAVAILABLE", missing.Message);
}
catch (PostgresException refused)
{
    return Answer.Fail(
        isJson,
        "POSTGRES_REFUSED",
        $"The database refused: {refused.Message.ReplaceLineEndings(" ")}. Look at the roles and passwords of ConnectionStrings, and whether `kontor migrate` was run."
    );
}
catch (Exception away) when (away is NpgsqlException or System.Net.Sockets.SocketException)
{
    // A host name that nobody knows comes as the bare socket's word. Neither message tells a password.
    return Answer.Fail(
        isJson,
        "POSTGRES_UNAVAILABLE",
        $"Kontor cannot reach the database: {away.Message}. Is it up, and is its place in ConnectionStrings right?"
    );
}
catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
{
    // A folder that may not be written, a full disk, an address that is taken, a file that somebody broke: the
    // operator's to mend, and no bug.
    return Answer.Fail(isJson, "CANNOT_RUN", refused.Message);
}
catch (OperationCanceledException)
{
    return 130;
}
