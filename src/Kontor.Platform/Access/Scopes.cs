namespace Kontor.Platform.Access;

/// <summary>What an access token may allow, each scope by itself: writing does not include reading.</summary>
public static class Scopes
{
    public const string CatalogRead = "catalog:read";
    public const string CatalogWrite = "catalog:write";
    public const string CatalogReserve = "catalog:reserve";
    public const string OrderingRead = "ordering:read";
    public const string OrderingWrite = "ordering:write";
    public const string IdentityRead = "identity:read";
    public const string IdentityWrite = "identity:write";
    public const string ImportsRun = "imports:run";
    public const string StreamRead = "stream:read";

    public static IReadOnlyList<string> All { get; } =
    [
        CatalogRead,
        CatalogWrite,
        CatalogReserve,
        OrderingRead,
        OrderingWrite,
        IdentityRead,
        IdentityWrite,
        ImportsRun,
        StreamRead,
    ];
}
