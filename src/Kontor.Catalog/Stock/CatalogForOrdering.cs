using Kontor.Catalog.Prices;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>What Ordering asks of the catalogue, answered in the same process.</summary>
sealed class CatalogForOrdering(CatalogDatabase database, StockDesk desk) : ICatalog
{
    public async Task<IReadOnlyDictionary<string, Offer>> Offers(OfferQuestion question, CancellationToken stop)
    {
        var context = new PriceContext(question.Currency, question.Country, question.Channel, question.CustomerGroup);
        await using var find = database
            .Source.CreateCommand(
                $"""
                select v.sku, p.id, p.title, p.slug, r.amount, {StockLevel.ClassSql},
                    r.compare_at
                from unnest($7::text[], $8::int[]) w(sku, quantity)
                join variants v on v.sku = w.sku join products p on p.id = v.product
                left join lateral ({Winner.Of("v.id", context, "w.quantity")}) r on true
                where {Visible.Shown("$3", Visible.Moment)}
                """
            )
            .With(
                context,
                question.Wishes.Select(wish => wish.Sku).ToArray(),
                question.Wishes.Select(wish => wish.Quantity).ToArray()
            );
        var offers = new Dictionary<string, Offer>(StringComparer.Ordinal);
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            offers.Add(reader.GetString(0), Of(reader, question.Currency));
        return offers;
    }

    public async Task<ReservationOutcome> Reserve(Reservation wanted, CancellationToken stop)
    {
        var settled = await desk.Ask(Wish.Of(wanted, ReservationOwner.Checkout), stop);
        if (settled.NotYours)
            throw Strange(wanted.Id);
        return settled.Differs
            ? throw new InvalidOperationException($"The reservation {wanted.Id} stands with other lines.")
            : new(settled.Holds, settled.Missing, Released: settled is { State: not null, Holds: false });
    }

    public async Task Release(Guid reservation, CancellationToken stop)
    {
        if ((await desk.Ask(new Wish.Release(reservation, ReservationOwner.Checkout), stop)).NotYours)
            throw Strange(reservation);
    }

    /// <summary>An order's id is made for it, so that somebody else holds stock under it is never chance.</summary>
    static InvalidOperationException Strange(Guid reservation) =>
        new($"The reservation {reservation} was made by another client than the checkout.");

    static Offer Of(NpgsqlDataReader row, string currency) =>
        new(
            row.GetString(0),
            row.GetGuid(1),
            row.GetString(2),
            row.GetString(3),
            row.IsDBNull(4) ? null : new Money(row.GetInt64(4), currency),
            row.GetString(5),
            row.IsDBNull(6) ? null : new Money(row.GetInt64(6), currency)
        );
}
