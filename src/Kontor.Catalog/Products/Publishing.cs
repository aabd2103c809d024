using Kontor.Catalog.Prices;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Products;

/// <summary>When and where a product is to be shown; members left out stay, and of a new product are the defaults.</summary>
public sealed record PublicationRequest
{
    /// <summary><c>draft</c>, <c>published</c> (the default) or <c>archived</c>.</summary>
    public Optional<string> State { get; init; }

    /// <summary>The moment from which it is shown, where published; null: at once.</summary>
    public Optional<DateTimeOffset?> From { get; init; }

    /// <summary>The moment from which it is no more; null: never.</summary>
    public Optional<DateTimeOffset?> Until { get; init; }

    /// <summary>Keys of the channels in which it is shown, at most 100; none: everywhere.</summary>
    public Optional<IReadOnlyList<string>> Channels { get; init; }

    internal ProductPublication On(ProductPublication standing) =>
        standing with
        {
            State = State.Or(standing.State),
            From = Price.Kept(From.Or(standing.From)),
            Until = Price.Kept(Until.Or(standing.Until)),
            Channels = Channels.Or(standing.Channels),
        };
}

/// <summary>When and where products are shown: its rule and its rows. Who sees them is said in Visible.</summary>
static class Publishing
{
    public const string Published = "published";

    const int MaxChannels = 100;

    public static readonly IReadOnlyList<string> States = ["draft", Published, "archived"];
    public static readonly ProductPublication AtOnce = new(Published, null, null, []);

    /// <summary>What is wrong with it, by path.</summary>
    public static IEnumerable<(string Path, string Reason)> Faults(ProductPublication wanted)
    {
        if (!States.Contains(wanted.State, StringComparer.Ordinal))
            yield return ("publication.state", $"One of {string.Join(", ", States)}.");
        // Year 1 and the last moment of 9999 are infinite to the database.
        if (wanted.From is { Year: < 1900 or > 9_998 })
            yield return ("publication.from", "A moment of the years 1900 to 9998.");
        if (wanted.Until is { Year: < 1900 or > 9_998 })
            yield return ("publication.until", "A moment of the years 1900 to 9998.");
        if (wanted.From >= wanted.Until)
            yield return ("publication.until", "It ends after it begins.");
        if (wanted.Channels is null or { Count: > MaxChannels })
            yield return ("publication.channels", $"A list of at most {MaxChannels} keys.");
        for (var i = 0; i < wanted.Channels?.Count; i++)
            if (!Keys.Is(wanted.Channels[i]))
                yield return ($"publication.channels[{i}]", Keys.Rule);
    }

    public static bool IsSame(ProductPublication? one, ProductPublication? other) =>
        (one?.State, one?.From, one?.Until, one?.DeletedAt)
            == (other?.State, other?.From, other?.Until, other?.DeletedAt)
        && Named(one).SetEquals(Named(other));

    /// <summary>In no order, and each once however often it was named.</summary>
    static HashSet<string> Named(ProductPublication? publication) =>
        new(publication?.Channels ?? [], StringComparer.Ordinal);

    /// <summary>Writes it for products of this transaction. A channel that does not exist violates its constraint.</summary>
    public static async Task Set(
        Work work,
        IReadOnlyCollection<(Guid Product, ProductPublication Publication)> wanted,
        CancellationToken stop
    )
    {
        if (wanted.Count == 0)
            return;
        var named = wanted
            .SelectMany(w => w.Publication.Channels.Distinct(StringComparer.Ordinal).Select(key => (w.Product, key)))
            .ToArray();
        await using var batch = work.Batch();
        batch.Add(
            """
            update products p set state = w.state, publish_from = w.begins, publish_until = w.ends, everywhere = w.everywhere
            from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::boolean[])
                w(id, state, begins, ends, everywhere)
            where p.id = w.id
            """,
            wanted.Select(w => w.Product).ToArray(),
            wanted.Select(w => w.Publication.State).ToArray(),
            wanted.Select(w => w.Publication.From).ToArray(),
            wanted.Select(w => w.Publication.Until).ToArray(),
            wanted.Select(w => w.Publication.Channels.Count == 0).ToArray()
        );
        batch.Add(
            """
            delete from product_channels c where product = any($1) and not exists (
                select from unnest($2::uuid[], $3::text[]) w(product, channel)
                where w.product = c.product and w.channel = c.channel
            )
            """,
            wanted.Select(w => w.Product).ToArray(),
            named.Select(w => w.Product).ToArray(),
            named.Select(w => w.key).ToArray()
        );
        batch.Add(
            "insert into product_channels (product, channel) select * from unnest($1::uuid[], $2::text[]) on conflict do nothing",
            named.Select(w => w.Product).ToArray(),
            named.Select(w => w.key).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
    }

    public static readonly Invariant NamesItsChannels = new(
        "A_PRODUCT_IS_SHOWN_EVERYWHERE_OR_IN_CHANNELS",
        """
        select format('product %s is %s, and names %s channels', p.key,
            case when p.everywhere then 'shown everywhere' else 'shown in channels' end,
            (select count(*) from product_channels c where c.product = p.id))
        from products p where p.everywhere = exists (select from product_channels c where c.product = p.id)
        """
    );
}
