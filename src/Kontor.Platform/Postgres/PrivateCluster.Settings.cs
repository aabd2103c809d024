using Microsoft.Extensions.Logging;

namespace Kontor.Platform.Postgres;

public sealed partial class PrivateCluster
{
    // Sized for a laptop that does other things too. Given on the command line, so that they hold for every start.
    IEnumerable<string> Settings() =>
        [
            "port=5432",
            "listen_addresses=",
            $"unix_socket_directories={socket}",
            "unix_socket_permissions=0700",
            "shared_buffers=128MB",
            $"max_connections={(options.IsThrowaway ? 400 : 100)}",
            // Compiling a plan costs more than the short queries of a shop do.
            "jit=off",
            "random_page_cost=1.1",
            "max_wal_size=1GB",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_destination=stderr",
            "log_line_prefix=%m [%p] %a ",
            // The detail of an error quotes the row, and rows hold what belongs in no log.
            "log_error_verbosity=terse",
            "log_checkpoints=off",
            .. options.IsThrowaway ? Unsafe : [],
        ];

    static readonly string[] Unsafe = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

    [LoggerMessage(2001, LogLevel.Information, "Made a PostgreSQL {Version} cluster in {Folder}")]
    static partial void LogMade(ILogger log, string folder, int version);

    [LoggerMessage(
        2002,
        LogLevel.Error,
        "The PostgreSQL server (process {Id}) died; starting it again. Its log: {File}"
    )]
    static partial void LogDied(ILogger log, int id, string file);

    [LoggerMessage(2003, LogLevel.Information, "The PostgreSQL server is back (process {Id})")]
    static partial void LogBack(ILogger log, int id);

    [LoggerMessage(2004, LogLevel.Critical, "The PostgreSQL server does not start again; trying on")]
    static partial void LogNotBack(ILogger log, Exception e);
}

/// <summary>Another process runs the cluster of this data folder.</summary>
public sealed class ClusterTakenException(string dataFolder, Exception cause)
    : Exception($"Another process runs the database of {dataFolder}.", cause);
