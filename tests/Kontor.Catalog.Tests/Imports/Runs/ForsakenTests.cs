using Kontor.Catalog.Imports.Runs;
using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Imports that somebody opened and forgot.</summary>
public sealed class ForsakenTests
{
    [Fact]
    public async Task One_that_is_not_started_within_its_time_is_cancelled_and_its_files_go()
    {
        await using var imports = await BareImports.Open();
        string[] lines = [ImportWords.Line("cup", "A cup")];
        var old = await imports.Open("acme", lines, ImportRun.Patience + TimeSpan.FromMinutes(1));
        var young = await imports.Open("bolt", lines, ImportRun.Patience - TimeSpan.FromMinutes(1));

        await imports.Sweep();
        await imports.Sweep();

        var (forsaken, kept) = (await Found(imports, old), await Found(imports, young));
        Assert.Equal((ImportState.Cancelled, "IMPORT_FORSAKEN"), (forsaken.State, forsaken.Held));
        Assert.Equal((ImportState.Receiving, null), (kept.State, kept.Held));
        Assert.Equal([young.Id.ToString()], await imports.Texts("select distinct run::text from import_chunks"));
        Assert.Equal(
            [old.Id.ToString()],
            await imports.Texts(
                "select body->>'import' from journal where type = 'import.moved.v1' and body->>'state' = 'cancelled'"
            )
        );
    }

    static async Task<ImportRun> Found(BareImports imports, ImportRun run) =>
        (await RunTable.Find(imports.Database, run.Id, TestContext.Current.CancellationToken))!;
}
