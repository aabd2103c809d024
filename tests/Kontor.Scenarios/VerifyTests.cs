using System.Text.Json;

namespace Kontor.Scenarios;

/// <summary><c>kontor verify</c> says what is wrong, on a shop that serves and on one that has stopped.</summary>
public sealed class VerifyTests
{
    [Fact]
    [Trait("Kind", "slow")]
    public async Task Every_planted_fault_is_found_by_its_name_and_nothing_else_is()
    {
        await using var shop = await Machinery.Open(Processes.One);
        await shop.CreateProduct("THING", amount: 1_000, stock: 10);
        var placed = await Buyer.Enter(shop, "THING", 2);
        var order = await placed.Buy("tok_approve", 2_000);
        var declined = await Buyer.Enter(shop, "THING", 1);
        Assert.True(await declined.Pay("tok_decline", 1_000) is { Status: 402 or 202 });
        var kontor = shop.Of("ordering");
        Assert.Empty(await Findings(kontor));

        await Plant(kontor, $"update ordering.orders set authorisation = 'x' where id = '{order}'");
        Assert.Equal(["ORDER_ROWS_REPLAY", "PROVIDER_TOOK_WHAT_ORDERS_SAY"], await Findings(kontor));
        await Mend(kontor, order);

        await Plant(kontor, $"update catalog.reservation_lines set quantity = 1 where reservation = '{order}'");
        Assert.Equal(["RESERVED_IS_WHAT_IS_HELD", "STOCK_IS_HELD_FOR_PLACED_ORDERS"], await Findings(kontor));
        await Plant(kontor, $"update catalog.reservation_lines set quantity = 2 where reservation = '{order}'");

        await Plant(
            kontor,
            """
            alter table catalog.stock drop constraint no_oversell;
            update catalog.stock set on_hand = 1 where on_hand = 10
            """
        );
        Assert.Equal(["NO_OVERSELL"], await Findings(kontor));
        await Plant(kontor, "update catalog.stock set on_hand = 10 where on_hand = 1");

        await Plant(kontor, "update ordering.head set head = head + 1");
        Assert.Contains("JOURNAL_HEAD", await Findings(kontor));
        await Plant(kontor, "update ordering.head set head = head - 1");
        Assert.Empty(await Findings(kontor));

        await shop.Sandbox.Book($"order-{Guid.Empty}", 500);
        Assert.Equal(["PROVIDER_TOOK_WHAT_ORDERS_SAY"], await Findings(kontor));

        await kontor.Kill();
        Assert.Equal(["PROVIDER_TOOK_WHAT_ORDERS_SAY"], await Findings(kontor));
    }

    static Task Plant(RunningKontor kontor, string sql) => kontor.Tamper(sql);

    /// <summary>Puts back what the events say.</summary>
    static Task Mend(RunningKontor kontor, string order) =>
        kontor.Tamper(
            $"""
            update ordering.orders set authorisation = (
                select body->>'authorisation' from ordering.journal
                where stream = 'order-{order}' and type = 'order.payment-authorised.v1'
            ) where id = '{order}'
            """
        );

    static async Task<string[]> Findings(RunningKontor kontor)
    {
        var (code, output) = await kontor.Command("verify", "--json");
        var report = output.Split('\n').Single(line => line.StartsWith("{\"checks\"", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(report);
        var rules = json
            .RootElement.GetProperty("findings")
            .EnumerateArray()
            .Select(finding => finding.GetProperty("rule").GetString()!)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.Equal(rules.Length == 0 ? 0 : 1, code);
        return rules;
    }
}
