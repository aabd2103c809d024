using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Prices;

/// <summary>Why a variant costs what it costs.</summary>
/// <param name="At">The moment that was decided for.</param>
/// <param name="Price">The winner; absent where no price applies.</param>
/// <param name="Candidates">Every price of the variant in the currency, the highest rank first.</param>
sealed record PriceExplained(
    string Sku,
    DateTimeOffset At,
    Money? Price,
    Money? CompareAt,
    IReadOnlyList<PriceVerdict> Candidates
);

/// <summary>Says of every price of a variant why it won or lost.</summary>
static class ExplainPrice
{
    public static void Map(IEndpointRouteBuilder variants) =>
        variants
            .MapGet("/{sku}/price/explain", Handle)
            .WithName("explainPrice")
            .WithSummary("Says of every price of a variant in a currency why it won or lost")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.SkuNotFound, Refusals.ValidationFailed);

    static async Task<Reply<PriceExplained>> Handle(
        string sku,
        [AsParameters] PriceQuery prices,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!prices.Read(http.User).Is(out var context, out var rejection))
            return rejection;
        if (context.Currency is null)
            return Refusals.ValidationFailed.At("currency", "Say in which currency.");
        if (!Keys.Is(sku))
            return Rejections.SkuNotFound;
        return await Explain(database, sku, context, stop) is { } explained ? explained : Rejections.SkuNotFound;
    }

    /// <summary>Null where there is no such variant.</summary>
    internal static async Task<PriceExplained?> Explain(
        CatalogDatabase database,
        string sku,
        PriceContext context,
        CancellationToken stop
    )
    {
        await using var find = database
            .Source.CreateCommand(
                $"""
                select {PriceTable.Columns}, r.rank, l.key is not null, l.channel, l.customer_group, l.valid_from, l.valid_until,
                    coalesce($3::timestamptz, now()), b.amount, r.key is not null
                from variants v
                left join price_rows r on r.variant = v.id and r.currency = $2
                left join price_lists l on l.key = r.price_list
                left join prices b on b.variant = v.id and b.currency = $2
                where v.sku = $1 order by r.rank desc
                """
            )
            .With(sku, context.Currency, context.At);
        var candidates = new List<Candidate>();
        DateTimeOffset? at = null;
        long? amount = null;
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            at = reader.GetFieldValue<DateTimeOffset>(20);
            amount = reader.IsDBNull(21) ? null : reader.GetInt64(21);
            if (reader.GetBoolean(22))
                candidates.Add(new(PriceTable.Of(reader).Price, reader.GetInt64(14), ListOf(reader)));
        }
        if (at is not { } moment)
            return null;
        if (amount is { } known)
            candidates.Add(new(new("", sku, new(known, context.Currency!)), 0, null)); // The door asks for a currency.
        var verdicts = PriceVerdict.Of(candidates, context, moment);
        var winner = verdicts.FirstOrDefault(verdict => verdict.Verdict == "won");
        return new(sku, moment, winner?.Price, winner?.CompareAt, verdicts);
    }

    static CandidateList? ListOf(NpgsqlDataReader row) =>
        row.GetBoolean(15)
            ? new(row.TextOrNull(16), row.TextOrNull(17), row.MomentOrNull(18), row.MomentOrNull(19))
            : null;
}
