using Kontor.Platform.Tests.Encryption;
using Kontor.Platform.Tests.Postgres;

// .NET looks for exactly this name, outside any namespace, in the assembly that DOTNET_STARTUP_HOOKS names.
#pragma warning disable MA0047, CA1050, IDE0051
static class StartupHook
{
    static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(HostProcess.FolderVariable) is { } folder)
        {
            HostProcess.Serve(folder);
            Environment.Exit(0);
        }
        if (Environment.GetEnvironmentVariable(KeyMaker.FolderVariable) is { } store)
        {
            KeyMaker.Make(store);
            Environment.Exit(0);
        }
    }
}
