using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>One thing that is measured, beside what the machine can do at most at something like it.</summary>
interface IScenario
{
    /// <summary>As it is named on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in a line.</summary>
    string About { get; }

    Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop);
}

/// <summary>All of them, in the order in which they run: those on the shop first, then those that need their own server.</summary>
static class Catalogue
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new StartShop(),
        new ReadProduct(),
        new ListPage(),
        new AskGraph(),
        new SearchGoods(),
        new SearchMany("search-10k", 10_000),
        new SearchMany("search-100k", 100_000),
        new SearchMany("search-1m", 1_000_000, maxReadyMs: 60_000, maxCategoryMs: 20),
        new AskIndex("index", 10_000, 100_000),
        new AskIndex("index-1m", 100_000, 1_000_000),
        new JudgeAnswers(),
        new AddToCart(),
        new Checkout(),
        new FlashSale(),
        new NormalLoad(),
        new Import(),
        new ImportFeed(),
        new ImportMany(),
        new Matching.MatchGoods(),
        new Bulk(),
        new BigProduct(),
        new JournalAppend(),
        new Sequencing(),
        new StreamToClient(),
        new PlainPostgres(),
    ];
}
