using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Npgsql;

namespace Kontor.Bench.Limits;

/// <summary>The bare server in a process of its own, as Kontor has one, and the figures of its endpoints.</summary>
sealed class BareProcess : IAsyncDisposable
{
    /// <summary>The first argument that turns this program into the bare server.</summary>
    public const string Mode = "bare";

    readonly RunningProgram program;

    BareProcess(RunningProgram program) => (this.program, Url) = (program, new(program.Ready));

    public Uri Url { get; }

    Clocks Clocks => new(new(program.Id, withChildren: false));

    public static async Task<BareProcess> Start(string connection, CancellationToken stop)
    {
        await using (var owner = new NpgsqlConnection(connection))
        {
            await owner.OpenAsync(stop);
            await using var table = new NpgsqlCommand(
                "create table if not exists public.bench_writes (id bigint generated always as identity primary key, note text)",
                owner
            );
            await table.ExecuteNonQueryAsync(stop);
        }
        var self = typeof(BareProcess).Assembly.Location;
        return new(await RunningProgram.Start(self, [Mode, connection], null, stop));
    }

    /// <summary>Gives it bytes to write under a name.</summary>
    public async Task Keep(string name, byte[] bytes, CancellationToken stop)
    {
        using var http = new HttpClient();
        using var answer = await http.PutAsync(new Uri(Url, $"/bytes/{name}"), new ByteArrayContent(bytes), stop);
        answer.EnsureSuccessStatusCode();
    }

    public Task<Figures> Bytes(string name, Shape shape, CancellationToken stop)
    {
        var request = Ask.Get($"/bytes/{name}");
        return Run(shape, _ => request, stop);
    }

    /// <summary>One raw query for a product drawn by chance, written as JSON.</summary>
    public Task<Figures> Query(Shape shape, CancellationToken stop)
    {
        var requests = Enumerable.Range(0, Goods.Count).Select(n => Ask.Get($"/product/{Goods.Slug(n)}")).ToArray();
        return Run(shape, random => requests[random.Next(requests.Length)], stop);
    }

    /// <summary>One row inserted and committed.</summary>
    public Task<Figures> Write(Shape shape, CancellationToken stop)
    {
        var request = Ask.Send("POST", "/write", "{}");
        return Run(shape, _ => request, stop);
    }

    public ValueTask DisposeAsync() => program.DisposeAsync();

    Task<Figures> Run(Shape shape, Func<Random, byte[]> next, CancellationToken stop) =>
        Visits.Run(Url, shape, Clocks, next, stop);
}
