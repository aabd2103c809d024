using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog;

/// <summary>The catalogue's tables and journal, as its own role.</summary>
public sealed class CatalogDatabase(NpgsqlDataSource source, TimeProvider clock)
    : ServiceDatabase("catalog", source, clock);
