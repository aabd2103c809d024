using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>A product type came into the catalogue.</summary>
/// <param name="Key">The key that its owner gave it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Version">Its version (ETag), 1.</param>
[EventName("product-type.created.v1")]
public sealed record ProductTypeCreated(string Key, string Title, long Version);

/// <summary>A product type has another definition, and its products are read by it from now on.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Version">Its version (ETag); products show it as <c>typeVersion</c>.</param>
/// <param name="Reindex">Attributes whose values stand in an index that has to be built anew.</param>
/// <param name="Migrated">True: the values of its products were converted, so what was read of them is old.</param>
[EventName("product-type.changed.v1")]
public sealed record ProductTypeChanged(
    string Key,
    string Title,
    long Version,
    IReadOnlyList<string> Reindex,
    bool Migrated
);

/// <summary>A product type went; no product was of it.</summary>
/// <param name="Key">Its key.</param>
[EventName("product-type.deleted.v1")]
public sealed record ProductTypeDeleted(string Key);

/// <summary>The values of a type's products are being converted; they are shown as before until the type has changed.</summary>
/// <param name="Key">The type's key.</param>
/// <param name="Migration">Its id.</param>
/// <param name="Version">The version that the type will have.</param>
[EventName("product-type.migration-started.v1")]
public sealed record ProductTypeMigrationStarted(string Key, Guid Migration, long Version);

/// <summary>A migration has ended.</summary>
/// <param name="Key">The type's key.</param>
/// <param name="Migration">Its id.</param>
/// <param name="State"><c>done</c>, or <c>cancelled</c> or <c>failed</c>: the type is as it was.</param>
[EventName("product-type.migration-ended.v1")]
public sealed record ProductTypeMigrationEnded(string Key, Guid Migration, string State);
