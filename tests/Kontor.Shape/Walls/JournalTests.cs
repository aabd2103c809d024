using System.Text.RegularExpressions;

namespace Kontor.Shape.Walls;

/// <summary>Only Kontor.Journal writes a journal, and a service's SQL names no other service's schema.</summary>
public sealed partial class JournalTests
{
    static readonly string[] Services = ["catalog", "ordering", "identity"];

    [Fact]
    public void Only_the_journal_writes_its_tables() =>
        Assert.Equal(
            [],
            Repository
                .Files.Where(IsCodeOrSql)
                .Where(path => !path.StartsWith("src/Kontor.Journal/", StringComparison.Ordinal))
                .SelectMany(path => WritesIn(Repository.Read(path)).Select(write => $"{path}: {write}"))
        );

    [Theory]
    [InlineData("insert into journal (id) values (1)")]
    [InlineData("with x as (select 1) INSERT INTO streams select * from x")]
    [InlineData("update head set head = head + 1")]
    [InlineData("delete from catalog.journal where id = 1")]
    [InlineData("update only streams set version = 0")]
    [InlineData("truncate journal")]
    public void A_planted_write_is_found(string sql) => Assert.Single(WritesIn(sql));

    [Theory]
    [InlineData("select head from head")]
    [InlineData("insert into journal_notes values (1)")]
    [InlineData("update products set head = 1")]
    public void Reading_is_no_write(string sql) => Assert.Empty(WritesIn(sql));

    [Fact]
    public void No_service_names_the_schema_of_another() =>
        Assert.Equal(
            [],
            from service in Services
            from path in Repository.Files.Where(IsCodeOrSql)
            where path.StartsWith($"src/Kontor.{service}/", StringComparison.OrdinalIgnoreCase)
            from other in Services.Except([service])
            where NamesSchema(Repository.Read(path), other)
            select $"{path} names {other}'s tables."
        );

    [Fact]
    public void A_planted_name_is_found()
    {
        Assert.True(NamesSchema("select 1 from catalog.products p", "catalog"));
        Assert.True(NamesSchema("update ordering.carts set version = 1", "ordering"));
        Assert.False(NamesSchema("stock comes from catalog. The rest does not.", "catalog"));
    }

    static bool IsCodeOrSql(string path) =>
        path.StartsWith("src/", StringComparison.Ordinal)
        && (path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".sql", StringComparison.Ordinal));

    static IEnumerable<string> WritesIn(string text) => JournalWrite.Matches(text).Select(found => found.Value);

    static bool NamesSchema(string text, string schema) =>
        Regex.IsMatch(
            text,
            $@"\b(from|join|into|update)\s+{schema}\.[a-z_]+",
            RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(5)
        );

    [GeneratedRegex(
        @"\b(insert\s+into|update(\s+only)?|delete\s+from|truncate(\s+table)?)\s+([a-z]+\.)?(journal|streams|head)\b(?!\s*[-\w]*_)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex JournalWrite { get; }
}
