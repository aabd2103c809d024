using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Caching;
using Kontor.Platform.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Platform.Http;

/// <summary>/health/live says that the process answers; /health/ready that it can do its work.</summary>
static class Health
{
    static readonly Rejection NotReady = new("NOT_READY", 503, "This process cannot serve yet; see detail.")
    {
        RetryAfterSeconds = 1,
    };

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/health/live", () => TypedResults.Ok(new { status = "live" }))
            .OpenToAll("Orchestrators ask whether the process answers.")
            .ExcludeFromDescription();
        routes
            .MapGet("/health/ready", Ready)
            .OpenToAll("Load balancers ask whether to send requests here.")
            .ExcludeFromDescription();
    }

    /// <summary>Ready by its databases alone; what else is away is told, and takes nobody out of the balance. A process
    /// that can still answer from memory stays in it, or the loss of a database would empty the whole pool.</summary>
    static async Task<IResult> Ready(
        IEnumerable<ServiceDatabase> databases,
        IEnumerable<Standby> standbys,
        IEnumerable<HealthPart> parts,
        IEnumerable<ReadyPart> needed,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        foreach (var part in needed)
            if (!part.IsReady())
                return new Refusal(NotReady.Because($"Not loaded yet: {part.Name}."));
        var away = new List<string>();
        foreach (var database in databases)
            if (!await Answers(database, stop))
                away.Add(database.Name);
        if (away.Count > 0 && !standbys.Any(one => one.Cache.CanServe && away.Contains(one.Service)))
            return new Refusal(NotReady.Because($"The database of {away[0]} does not answer."));
        away = away.ConvertAll(name => $"database of {name}");
        foreach (var part in parts)
            if (!await part.IsThere(clock, stop))
                away.Add(part.Name);
        return away.Count == 0
            ? TypedResults.Ok(new { status = "ready" })
            : TypedResults.Ok(new { status = "degraded", degraded = away });
    }

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    static async Task<bool> Answers(ServiceDatabase database, CancellationToken stop)
    {
        try
        {
            // A database that is frozen does not even take a cancellation: nobody waits for that.
            return await Ask(database, stop).WaitAsync(Patience, stop);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    static async Task<bool> Ask(ServiceDatabase database, CancellationToken stop)
    {
        await using var ask = database.Source.CreateCommand("select head from head");
        await ask.ExecuteScalarAsync(stop);
        return true;
    }
}
