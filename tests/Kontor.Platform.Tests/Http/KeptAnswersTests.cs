using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Kontor.Testing;
using Xunit;

namespace Kontor.Platform.Tests.Http;

public sealed class KeptAnswersTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Answers_go_after_thirty_days_in_batches_and_not_before()
    {
        var source = postgres.Source("catalog");
        await using var insert = source
            .CreateCommand(
                """
                insert into idempotency (caller, method, path, key, request, created_at)
                select 'c', 'POST', '/p', 'k' || n, '\x00', clock_timestamp() - case when n <= $1 then interval '31 days' else interval '29 days' end
                from generate_series(1, $1 + 5) n
                """
            )
            .With(KeptAnswers.BatchSize + 1);
        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        int[] gone =
        [
            await KeptAnswers.Prune(source, CancellationToken.None),
            await KeptAnswers.Prune(source, CancellationToken.None),
            await KeptAnswers.Prune(source, CancellationToken.None),
        ];

        Assert.Equal([KeptAnswers.BatchSize, 1, 0], gone);
        await using var left = source.CreateCommand("select count(*) from idempotency");
        Assert.Equal(5L, await left.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
