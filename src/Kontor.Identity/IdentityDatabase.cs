using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Identity;

/// <summary>The user service's own schema and journal.</summary>
public sealed class IdentityDatabase(NpgsqlDataSource source, TimeProvider clock)
    : ServiceDatabase("identity", source, clock);
