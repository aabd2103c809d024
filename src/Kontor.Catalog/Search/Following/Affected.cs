using System.Text.Json;
using Kontor.Journal;

namespace Kontor.Catalog.Search.Following;

/// <summary>Products that one event may have changed, many of them.</summary>
/// <param name="Sql">Their ids, by <paramref name="Key"/>.</param>
/// <param name="Parent">Of a category: above it now.</param>
sealed record WideChange(WideKind Kind, string Key, string Sql, string? Parent = null);

enum WideKind
{
    /// <summary>Nothing stands in it yet, or any more: where it is says all.</summary>
    NewCategory,
    OldCategory,
    Category,
    Type,
    PriceList,
    Location,
}

/// <summary>What events mean for the index: which products have to be read again, and how much of them.</summary>
/// <remarks>What stands is read, not what the events say: one that comes twice, or late, does no harm.</remarks>
sealed class Affected
{
    /// <summary>Written anew.</summary>
    public HashSet<Guid> Products { get; } = [];

    /// <summary>Of which prices changed.</summary>
    public HashSet<Guid> Priced { get; } = [];

    /// <summary>Prices that stood before, by stream and version: another variant may have lost them.</summary>
    public List<(string Stream, long Version)> Repriced { get; } = [];

    /// <summary>SKUs whose class changed at a location.</summary>
    public HashSet<string> Classed { get; } = new(StringComparer.Ordinal);

    /// <summary>SKUs whose stock changed.</summary>
    public HashSet<string> Stocked { get; } = new(StringComparer.Ordinal);

    /// <summary>Types, categories, channels, synonyms or rules changed.</summary>
    public bool IsAboutBooks { get; private set; }

    /// <summary>Products themselves changed: bundles made of them may have.</summary>
    public bool HasParts { get; private set; }

    public List<WideChange> Wide { get; } = [];

    /// <param name="done">The sequence up to which all but what is wide was applied ahead.</param>
    public static Affected Of(IEnumerable<RecordedEvent> events, long done)
    {
        var affected = new Affected();
        foreach (var happened in events)
            affected.Add(happened, happened.Sequence > done);
        return affected;
    }

    void Add(RecordedEvent happened, bool isNew)
    {
        switch (happened.Type)
        {
            case "product.created.v1"
            or "product.updated.v1"
            or "product.deleted.v1"
            or "product.restored.v1" when isNew:
                HasParts = true;
                Products.Add(Read(happened, body => body.GetProperty("product").GetGuid()));
                break;
            case "bundle.changed.v1" or "bundle.removed.v1" when isNew:
                Products.Add(Read(happened, body => body.GetProperty("product").GetGuid()));
                break;
            case "price.set.v1" or "price.removed.v1" when isNew:
                Priced.Add(Read(happened, body => body.GetProperty("product").GetGuid()));
                if (happened.Version > 1)
                    Repriced.Add((happened.Stream, happened.Version));
                break;
            case "stock.changed.v1" when isNew:
                AddStock(happened);
                break;
            case "category.created.v1":
                IsAboutBooks |= isNew;
                AddCategory(happened, WideKind.NewCategory);
                break;
            case "category.removed.v1":
                IsAboutBooks |= isNew;
                AddCategory(happened, WideKind.OldCategory);
                break;
            case "category.products-ordered.v1":
            case "channel.set.v1" or "channel.removed.v1":
            case "synonyms.set.v1" or "synonyms.removed.v1":
            case "search-rule.set.v1" or "search-rule.removed.v1":
            case "product-type.created.v1" or "product-type.deleted.v1":
                IsAboutBooks |= isNew;
                break;
            default:
                AddWide(happened, isNew);
                break;
        }
    }

    void AddStock(RecordedEvent happened)
    {
        var (sku, isClass) = Read(
            happened,
            body =>
                (
                    body.GetProperty("sku").GetString()!,
                    body.GetProperty("before").GetString() != body.GetProperty("after").GetString()
                        // Until when preorders are taken says no class.
                        || body.GetProperty("reason").GetString() == "termsSet"
                )
        );
        Stocked.Add(sku);
        if (isClass)
            Classed.Add(sku);
    }

    void AddWide(RecordedEvent happened, bool isNew)
    {
        switch (happened.Type)
        {
            case "category.changed.v1":
                IsAboutBooks |= isNew;
                AddCategory(happened, WideKind.Category);
                break;
            case "product-type.changed.v1":
                IsAboutBooks |= isNew;
                Wide.Add(new(WideKind.Type, KeyOf(happened), WideSql.Type));
                break;
            case "price-list.set.v1":
                Wide.Add(new(WideKind.PriceList, KeyOf(happened), WideSql.PriceList));
                break;
            case "location.changed.v1":
                Wide.Add(new(WideKind.Location, KeyOf(happened), WideSql.Location));
                break;
            default:
                break; // It says nothing of what is found.
        }
    }

    void AddCategory(RecordedEvent happened, WideKind kind)
    {
        var (category, parent) = Read(
            happened,
            body =>
                (
                    body.GetProperty("key").GetString()!,
                    body.TryGetProperty("parent", out var above) ? above.GetString() : null
                )
        );
        Wide.Add(new(kind, category, WideSql.Category, parent));
    }

    static string KeyOf(RecordedEvent happened) => Read(happened, body => body.GetProperty("key").GetString()!);

    static T Read<T>(RecordedEvent happened, Func<JsonElement, T> read)
    {
        using var body = JsonDocument.Parse(happened.Body);
        return read(body.RootElement);
    }
}

/// <summary>Which products a change that is about many is about: $1 its key.</summary>
static class WideSql
{
    public const string Category = """
        with recursive below as (
            select id from categories where key = $1
            union
            select c.id from categories c join below on c.parent = below.id
        )
        select distinct product from product_categories where category in (select id from below)
        """;

    public const string Type = "select id from products where type = $1";

    public const string PriceList = """
        select distinct v.product from price_rows r join variants v on v.id = r.variant where r.price_list = $1
        """;

    public const string Location = """
        with here as (select variant from stock where location = $1)
        select v.product from variants v where v.id in (select variant from here)
        union
        select b.product from bundle_components c join variants b on b.id = c.bundle
        where c.component in (select variant from here)
        """;
}
