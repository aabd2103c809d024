using System.Text.Json;
using System.Text.RegularExpressions;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Neighbours;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Platform.Http;

/// <summary>Turns exceptions into problems, once, at the door; what is our fault is logged here and nowhere else.</summary>
sealed partial class Faults(ILogger<Faults> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = 499; // The client left; nobody reads the answer.
            return true;
        }
        var rejection = Judge(exception);
        if (rejection.Status == 500)
            LogFault(exception, httpContext.Request.Method, httpContext.Request.Path, httpContext.TraceId);
        else if (rejection.Status == 503)
            LogUnavailable(rejection.Code, exception.Message, httpContext.TraceId);
        await Problems.Write(httpContext, rejection);
        return true;
    }

    /// <summary>What an exception is to the outside.</summary>
    public static Rejection Judge(Exception exception) =>
        exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Problems.OfMalformed(json),
            BadHttpRequestException { StatusCode: 400 } bad => Unbound(bad.Message),
            BadHttpRequestException bad => Problems.OfStatus(bad.StatusCode),
            CommitOutcomeUnknownException => Refusals.OutcomeUnknown,
            StreamConflictException => Refusals.Busy,
            PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => Refusals.Busy,
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => Refusals.Busy,
            PostgresException { SqlState: ['2', '2', ..] } => Refusals.BadRequest,
            NpgsqlException { IsTransient: true } => Refusals.DatabaseUnavailable,
            PostgresException { SqlState: ['5', '7', ..] or ['5', '3', ..] or ['0', '8', ..] } =>
                Refusals.DatabaseUnavailable,
            NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException or TimeoutException } =>
                Refusals.DatabaseUnavailable,
            TimeoutException => Refusals.DatabaseUnavailable,
            NeighbourAwayException => Refusals.NeighbourUnavailable,
            AwayException away => away.Answer,
            // Entity Framework wraps what its database says.
            InvalidOperationException { InnerException: NpgsqlException inner } => Judge(inner),
            _ => Refusals.InternalError,
        };

    /// <summary>Whether the database is away: it cannot be reached, ends connections, or does not answer in time.</summary>
    public static bool IsAway(Exception exception) => ReferenceEquals(Judge(exception), Refusals.DatabaseUnavailable);

    /// <summary>The framework speaks of its parameters; the caller is told which of theirs it is.</summary>
    static Rejection Unbound(string message)
    {
        if (message.StartsWith("Implicit body", StringComparison.Ordinal))
            return Refusals.MalformedBody.Because("The body is missing.");
        return Parameter().Match(message) is { Success: true } bad
            // A member of a record of parameters has its name in C#'s spelling.
            ? Refusals.BadRequest.At(
                JsonNamingPolicy.CamelCase.ConvertName(bad.Groups["name"].Value),
                "It does not have the expected form."
            )
            : Refusals.BadRequest.Because(Problems.Plain(message));
    }

    [GeneratedRegex("^Failed to bind parameter \"[^\"]* (?<name>\\w+)\" from ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed; trace {TraceId}")]
    partial void LogFault(Exception fault, string method, PathString path, string traceId);

    [LoggerMessage(2, LogLevel.Warning, "Answered {Code}: {Reason}; trace {TraceId}")]
    partial void LogUnavailable(string code, string reason, string traceId);
}
