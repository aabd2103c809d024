using System.CommandLine;
using Kontor.Host.Commands;
using Kontor.Platform.Postgres;

var root = new RootCommand("Kontor, a headless commerce backend.")
{
    ServeCommand.Make(),
    ImportCommand.Make(),
    MigrateCommand.Make(),
    VerifyCommand.Make(),
    ClientsCommand.Make(),
};
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
    Console.Error.WriteLine(unavailable.Message);
    return 1;
}
catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
{
    // A folder that may not be written, a full disk, an address that is taken: the operator's to mend, and no bug.
    Console.Error.WriteLine(refused.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
