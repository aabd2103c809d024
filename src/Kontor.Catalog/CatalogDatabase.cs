using Kontor.Catalog.Stock;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog;

/// <summary>The catalogue's tables and journal, as its own role.</summary>
public sealed class CatalogDatabase(NpgsqlDataSource source, TimeProvider clock)
    : ServiceDatabase("catalog", source, clock)
{
    public override IReadOnlyList<Invariant> Invariants { get; } =
    [
        .. ProductTypes.TypeInvariants.All,
        .. StockInvariants.All,
        .. Bundles.BundleInvariants.All,
        .. Imports.Runs.ImportInvariants.All,
        Products.Publishing.NamesItsChannels,
        Options.OptionRows.EachVariantHasAPlace,
    ];
}
