using Kontor.Catalog.Caching;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Caching;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>For each event of the catalogue somebody has decided what it evicts.</summary>
public sealed class EvictionsTests
{
    static readonly Guid Product = Guid.Parse("01930000-0000-7000-8000-000000000001");
    static readonly string OfProduct = Tags.Product(Product);

    /// <summary>A body that has every member that a decision looks at.</summary>
    const string Body = """
        {
          "product": "01930000-0000-7000-8000-000000000001", "key": "k", "sku": "s", "location": "main",
          "before": "inStock", "after": "outOfStock", "reason": "counted", "onHand": 0, "reserved": 0
        }
        """;

    static readonly Dictionary<string, string[]> Decided = new(StringComparer.Ordinal)
    {
        ["product.created.v1"] = [OfProduct, Tags.Tree],
        ["product.updated.v1"] = [OfProduct, Tags.Tree],
        ["product.deleted.v1"] = [OfProduct, Tags.Tree],
        ["product.restored.v1"] = [OfProduct, Tags.Tree],
        ["product.media-set.v1"] = [OfProduct],
        ["product.relations-set.v1"] = [OfProduct],
        ["price.set.v1"] = [OfProduct],
        ["price.removed.v1"] = [OfProduct],
        ["bundle.changed.v1"] = [OfProduct],
        ["bundle.removed.v1"] = [OfProduct],
        ["media.set.v1"] = ["media:k"],
        ["media.removed.v1"] = ["media:k"],
        ["category.created.v1"] = [Tags.Tree, Tags.Categories, "titles:k"],
        ["category.changed.v1"] = [Tags.Tree, Tags.Categories, "titles:k"],
        ["category.removed.v1"] = [Tags.Tree, Tags.Categories, "titles:k"],
        ["product-type.changed.v1"] = ["type:k"],
        ["stock.changed.v1"] = ["sku:s", "part:s"],
        ["location.changed.v1"] = [Eviction.Everything],
        ["price-list.set.v1"] = [Eviction.Everything],
        ["price-list.removed.v1"] = [Eviction.Everything],
        ["channel.set.v1"] = [Eviction.Everything],
        ["channel.removed.v1"] = [Eviction.Everything],
        ["category.products-ordered.v1"] = [],
        ["synonyms.set.v1"] = [],
        ["synonyms.removed.v1"] = [],
        ["search-rule.set.v1"] = [],
        ["search-rule.removed.v1"] = [],
        ["graphql-document.registered.v1"] = [],
        ["graphql-document.removed.v1"] = [],
        ["customer-group.set.v1"] = [],
        ["customer-group.removed.v1"] = [],
        ["product-type.created.v1"] = [],
        ["product-type.deleted.v1"] = [],
        ["product-type.migration-started.v1"] = [],
        ["product-type.migration-ended.v1"] = [],
        ["location.created.v1"] = [],
        ["delivery.changed.v1"] = [],
        ["import.moved.v1"] = [],
        ["import.alerted.v1"] = [],
    };

    public static TheoryData<string> Types =>
        [
            .. typeof(ProductCreated)
                .Assembly.GetTypes()
                .Where(type => type.Namespace == typeof(ProductCreated).Namespace)
                .Where(type => type.IsDefined(typeof(EventNameAttribute), inherit: false))
                .Select(EventNameAttribute.Of),
        ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_event_of_the_catalogue_evicts_what_was_decided(string type)
    {
        Assert.True(Decided.ContainsKey(type), $"Decide in Evictions.cs, and here, what {type} evicts.");

        Assert.Equal(Decided[type], Evictions.Of(type, Body));
    }

    [Fact]
    public void Stock_that_stays_in_its_class_evicts_only_bundles_that_are_made_of_it() =>
        Assert.Equal(
            ["part:s"],
            Evictions.Of("stock.changed.v1", Body.Replace("outOfStock", "inStock", StringComparison.Ordinal))
        );

    [Fact]
    public void Terms_evict_whatever_the_class_is_since_bodies_last_until_a_preorder_ends() =>
        Assert.Equal(
            ["sku:s", "part:s"],
            Evictions.Of(
                "stock.changed.v1",
                Body.Replace("outOfStock", "inStock", StringComparison.Ordinal)
                    .Replace("counted", "termsSet", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void A_price_that_moved_evicts_both_products() =>
        Assert.Equal(
            [OfProduct, Tags.Product(Guid.Parse("01930000-0000-7000-8000-000000000002"))],
            Evictions.Of(
                "price.set.v1",
                Body.Replace(
                    "\"key\"",
                    "\"leftProduct\": \"01930000-0000-7000-8000-000000000002\", \"key\"",
                    StringComparison.Ordinal
                )
            )
        );

    [Fact]
    public void An_event_that_nobody_has_decided_about_is_no_silence() =>
        Assert.Throws<InvalidOperationException>(() => Evictions.Of("product.painted.v1", Body));
}
