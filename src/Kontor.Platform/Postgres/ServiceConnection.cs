using Kontor.Journal;
using Npgsql;

namespace Kontor.Platform.Postgres;

/// <summary>How a service connects. What a configured connection string says for itself stands.</summary>
static class ServiceConnection
{
    /// <summary>Seconds for one command; a commit is not cut short by it, see <see cref="Commits"/>.</summary>
    const int CommandSeconds = 30;
    const int ConnectSeconds = 5;

    // Three services in one process leave a quarter of the private cluster's 100 connections to commands and people.
    const int MaxPoolSize = 25;

    public static string Private(string superuser, string service) =>
        Of(
            new NpgsqlConnectionStringBuilder(superuser) { Username = ServiceSchema.RoleOf(service) }.ConnectionString,
            service
        );

    public static string Of(string configured, string service)
    {
        var settings = new NpgsqlConnectionStringBuilder(configured);
        var said = settings.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        void Default(string key, object value)
        {
            if (!said.Contains(key))
                settings[key] = value;
        }

        settings.SearchPath = service;
        Default("Application Name", $"kontor-{service}");
        Default("Max Auto Prepare", 64);
        Default("Auto Prepare Min Usages", 2);
        // Seven commands at each use of a pooled connection, otherwise. Who sets something for a session puts it back.
        Default("No Reset On Close", true);
        Default("Maximum Pool Size", MaxPoolSize);
        Default("Timeout", ConnectSeconds);
        Default("Command Timeout", CommandSeconds);
        Default("TCP Keepalive", true);
        return settings.ConnectionString;
    }
}
