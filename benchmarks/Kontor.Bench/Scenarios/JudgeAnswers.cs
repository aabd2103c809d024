using System.Globalization;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Search.Tests.Relevance;
using Npgsql;

namespace Kontor.Bench.Scenarios;

/// <summary>How good answers are on real goods, the index beside PostgreSQL's full text. No times: the same at each run.</summary>
sealed class JudgeAnswers : IScenario
{
    /// <summary>As the catalogue asks its tables; the configuration of the words is put in.</summary>
    const string Asked = """
        with wanted as (
            select websearch_to_tsquery('{0}', $1) && case when $2 = '' then ''::tsquery else to_tsquery('{0}', $2 || ':*') end as words
        )
        select place from judged, wanted where search_{0} @@ wanted.words
        order by ts_rank(search_{0}, wanted.words) desc, place limit 10
        """;

    public string Name => "relevance";

    public string About => "NDCG@10 of the index and of full text over 60 judged questions";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var set = new JudgedSet();
        var cluster = await bench.Cluster();
        var database = await cluster.NewEmpty("bench_relevance", stop);
        await using var source = NpgsqlDataSource.Create(cluster.Owner(database));
        await Fill(source, set, stop);
        var index = set.Index();
        return
        [
            Reading("the index, with synonyms", set, question => set.Ask(index, question)),
            Reading("full text, words as they are", set, await Answers(source, set, "simple", stop)),
            Reading("full text, stemmed", set, await Answers(source, set, "english", stop)),
        ];
    }

    Reading Reading(string kind, JudgedSet set, Func<string, IEnumerable<string>> ask)
    {
        var each = set.Questions.Select(one => (one.Text, Found: ask(one.Text).ToList(), one.Number)).ToList();
        var mean = each.Average(one => set.Ndcg(one.Number, one.Found));
        var empty = each.Count(one => one.Found.Count == 0);
        return new(Name, kind, new(mean, "NDCG@10", Count: each.Count))
        {
            Notes =
            [
                string.Create(CultureInfo.InvariantCulture, $"{empty} of {each.Count} questions without an answer"),
            ],
        };
    }

    static async Task Fill(NpgsqlDataSource source, JudgedSet set, CancellationToken stop)
    {
        await using var table = source.CreateCommand(
            """
            create table judged (
                place integer primary key, title text not null, brand text not null,
                search_simple tsvector generated always as (
                    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', brand), 'B')) stored,
                search_english tsvector generated always as (
                    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', brand), 'B')) stored
            )
            """
        );
        await table.ExecuteNonQueryAsync(stop);
        await using var rows = source.CreateCommand(
            "insert into judged (place, title, brand) select * from unnest($1::int[], $2::text[], $3::text[])"
        );
        rows.Parameters.Add(new() { Value = Enumerable.Range(0, set.Goods.Count).ToArray() });
        rows.Parameters.Add(new() { Value = set.Goods.Select(one => one.Title).ToArray() });
        rows.Parameters.Add(new() { Value = set.Goods.Select(one => one.Brand).ToArray() });
        await rows.ExecuteNonQueryAsync(stop);
    }

    static async Task<Func<string, IEnumerable<string>>> Answers(
        NpgsqlDataSource source,
        JudgedSet set,
        string configuration,
        CancellationToken stop
    )
    {
        var answers = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (_, question) in set.Questions)
        {
            // As the catalogue does: the last letters and digits may be just begun.
            var begun = question.LastIndexOf(' ') + 1;
            await using var ask = source.CreateCommand(Asked.Replace("{0}", configuration, StringComparison.Ordinal));
            ask.Parameters.Add(new() { Value = question[..begun] });
            ask.Parameters.Add(new() { Value = question[begun..] });
            await using var reader = await ask.ExecuteReaderAsync(stop);
            var found = answers[question] = [];
            while (await reader.ReadAsync(stop))
                found.Add(set.Goods[reader.GetInt32(0)].Id);
        }
        return question => answers[question];
    }
}
