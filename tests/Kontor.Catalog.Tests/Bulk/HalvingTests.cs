using Kontor.Catalog.Bulk;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.Bulk;

/// <summary>A line that is refused costs the others of its batch little.</summary>
public sealed class HalvingTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task Every_line_is_told_once_whichever_are_refused(int refused)
    {
        var random = new Random(refused);
        var lines = Enumerable.Range(1, 200).ToArray();
        var bad = lines.OrderBy(_ => random.Next()).Take(refused).ToHashSet();
        var (tries, lone) = (0, 0);

        var told = await Halving.Of(
            lines,
            some =>
            {
                tries++;
                return Task.FromResult(
                    some.Any(bad.Contains) ? null : some.Select(line => Told(line, BulkStatus.Created))
                );
            },
            line =>
            {
                lone++;
                return Task.FromResult(Told(line, bad.Contains(line) ? BulkStatus.Rejected : BulkStatus.Created));
            }
        );

        Assert.Equal(lines, told.Select(line => (int)line.Line).Order());
        Assert.Equal(
            bad.Order(),
            told.Where(line => line.Status == BulkStatus.Rejected).Select(line => (int)line.Line).Order()
        );
        Assert.True(tries <= 64 + 200, $"{tries} tries");
        // Beside each that is refused stands one that is tried alone, where a part of two was the last.
        if (refused <= 3)
            Assert.True(lone <= 2 * refused, $"{lone} of them alone");
    }

    [Fact]
    public async Task A_bad_line_among_many_costs_the_tries_of_a_few_not_of_all()
    {
        var key = shop.Fresh();
        await shop.Write(Plain(key, sku: $"{key}-taken"));
        async Task<int> Cost(string mark, int bad)
        {
            var answer = (
                await shop.TryWrite(
                    string.Join(
                        '\n',
                        Enumerable
                            .Range(0, 190)
                            .Select(i =>
                                i == bad ? Plain($"{key}-{mark}-{i}", sku: $"{key}-taken") : Plain($"{key}-{mark}-{i}")
                            )
                    )
                )
            ).Is(200);
            Assert.Equal((bad < 0 ? 190 : 189, 0, 0, bad < 0 ? 0 : 1), Lines.Of(answer.Text).Sum());
            return answer.Statements;
        }
        await Cost("warm", 7);

        var clean = await Cost("clean", -1);
        var dirty = await Cost("dirty", 77);

        // Eight halvings, two tries each.
        Assert.True(dirty <= 20 * clean, $"{dirty} statements where {clean} do without the bad line");
        await shop.IsWhole();
    }

    static string Plain(string key, string? sku = null) =>
        $$"""{"key":"{{key}}","title":"A cup","variants":[{"sku":"{{sku ?? $"S-{key}"}}","prices":[{"amount":100,"currency":"EUR"}]}]}""";

    static BulkLine Told(int line, BulkStatus status) => new(line, $"{line}", status);
}
