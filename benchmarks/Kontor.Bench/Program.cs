using System.Runtime.InteropServices;
using Kontor.Bench;
using Kontor.Bench.Limits;

if (args is [BareProcess.Mode, var connection])
    return await BareServer.Serve(connection, CancellationToken.None);

// Whatever ends this program ends what it started: each signal runs the same way out.
using var ending = new CancellationTokenSource();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);

return await BenchCommand.Make().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null }, ending.Token);
