using CsCheck;
using Kontor.Imports.Matching;
using Kontor.Kernel;

namespace Kontor.Imports.Tests.Matching;

public sealed class MatcherTests
{
    /// <summary>What a feed has beside the articles of a test: without others no word is rare.</summary>
    static readonly Article[] Others =
    [
        .. Enumerable
            .Range(0, 60)
            .SelectMany(i =>
                new[] { "a", "b" }.Select(supplier => new Article(
                    $"{supplier}-{i}",
                    supplier,
                    $"{Makers[i % Makers.Length]} {Things[i % Things.Length]} {(char)('A' + i % 26)}{i * 37 + 1000}Q Black",
                    Brand: Makers[i % Makers.Length]
                ))
            ),
    ];

    static string[] Makers => ["Sony", "Bose", "Canon", "Garmin", "Epson"];
    static string[] Things =>
        ["Turntable", "Speaker System", "Camera Case", "Antenna", "Projector Lamp", "Memory Card", "Headset"];

    static IReadOnlyList<Match> Of(params Article[] articles) =>
        new Matcher(MatchingRules.Usual).Match([.. Others, .. articles], TestContext.Current.CancellationToken);

    static Match? Between(Article left, Article right) =>
        Of(left, right).SingleOrDefault(match => match.Left == left && match.Right == right);

    [Theory]
    [InlineData("4006381333931", "04006381333931")]
    [InlineData("036000291452", "00036000291452")]
    [InlineData(" 4006381-333931 ", "04006381333931")]
    [InlineData("96385074", "00000096385074")]
    [InlineData("4006381333932", null)]
    [InlineData("2012345678900", null)]
    [InlineData("0212345678909", null)]
    [InlineData("0000000000000", null)]
    [InlineData("400638133393", null)]
    [InlineData("40063813339310", null)]
    [InlineData("n/a", null)]
    [InlineData(null, null)]
    public void A_bar_code_has_one_form_and_the_shops_own_have_none(string? given, string? normalised) =>
        Assert.Equal(normalised, Gtin.Normalised(given));

    [Fact]
    public void The_same_bar_code_joins_whatever_the_titles_say()
    {
        var left = new Article("1", "a", "Stabilo point 88 fineliner", ["4006381333931"]);
        var right = new Article("2", "b", "Tynn penn, sort", ["04006381333931"]);

        var match = Between(left, right);

        Assert.Equal((Decision.Automatic, 1d), (match?.Decision, match?.Score));
        Assert.Contains("same GTIN 04006381333931", match!.Reasons);
    }

    [Theory]
    [InlineData("2012345678900")]
    [InlineData("4006381333932")]
    public void A_code_of_the_shops_own_or_with_a_wrong_check_digit_joins_nothing(string code) =>
        Assert.Null(Between(new("1", "a", "Cheese, sliced", [code]), new("2", "b", "Boots", [code])));

    [Fact]
    public void A_bar_code_that_two_articles_of_a_supplier_have_is_for_a_person()
    {
        var left = new Article("1", "a", "Stabilo point 88", ["4006381333931"]);
        var matches = Of(
            left,
            new("2", "b", "Stabilo point 88", ["4006381333931"]),
            new("3", "b", "Stabilo set", ["4006381333931"])
        );

        Assert.Equal(Decision.Review, Assert.Single(matches, match => match.Left == left).Decision);
    }

    [Fact]
    public void Brand_and_part_number_are_found_however_they_are_written()
    {
        var left = new Article(
            "1",
            "a",
            "Home Theater System in Silver",
            Brand: "Hewlett-Packard",
            PartNumber: "DAV-HDX576 WF"
        );
        var right = new Article("2", "b", "5.1 speakers with player", Brand: "HP", PartNumber: "davhdx576wf");
        var rules = MatchingRules.Usual with
        {
            BrandAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["hewlett packard"] = "hp" },
        };

        var match = new Matcher(rules)
            .Match([.. Others, left, right], TestContext.Current.CancellationToken)
            .Single(match => match.Left == left);

        Assert.NotEqual(Decision.None, match.Decision);
        Assert.Contains("brand and part number DAV-HDX576 WF", match.Reasons);
    }

    [Fact]
    public void A_part_number_is_found_in_the_others_title()
    {
        var left = new Article("1", "a", "Sony Turntable Belt Drive", Brand: "Sony", PartNumber: "PSLX350H");
        var right = new Article("2", "b", "Sony PS-LX350H Turntable Belt Drive");

        var match = Between(left, right);

        Assert.NotEqual(Decision.None, match?.Decision);
        Assert.Contains("part number PSLX350H", match!.Reasons);
    }

    [Fact]
    public void Another_capacity_is_never_joined_without_a_person()
    {
        var small = new Article(
            "1",
            "a",
            "Kingston DT101-RX9 4GB Flash Drive Red",
            Brand: "Kingston",
            PartNumber: "DT101-RX9"
        );
        var great = small with { Id = "2", Supplier = "b", Title = "Kingston DT101-RX9 8 GB Flash Drive Red" };
        var same = great with { Title = "Kingston DT101-RX9 4096 MB Flash Drive Red" };

        var match = Between(small, great);

        Assert.Equal(Decision.Review, match?.Decision);
        Assert.Contains("measures 4096mb against 8192mb", match!.Reasons);
        Assert.Equal(Decision.Automatic, Between(small, same)?.Decision);
    }

    [Fact]
    public void Of_two_that_are_alike_neither_is_joined_without_a_person()
    {
        var left = new Article("1", "a", "Fellowes GoRiser Laptop Elevator Plus", Brand: "Fellowes");
        var matches = Of(left, left with { Id = "2", Supplier = "b" }, left with { Id = "3", Supplier = "b" });

        Assert.DoesNotContain(matches, match => match.Left == left && match.Decision == Decision.Automatic);
    }

    [Fact]
    public void Prices_of_two_currencies_are_not_compared()
    {
        var left = new Article("1", "a", "Fellowes GoRiser Laptop Elevator Plus", Price: new Money(1000, "EUR"));
        var right = left with { Id = "2", Supplier = "b", Price = new Money(110_000, "NOK") };

        Assert.DoesNotContain(
            Between(left, right)!.Reasons,
            reason => reason.StartsWith("price", StringComparison.Ordinal)
        );
        Assert.Contains(
            Between(left, right with { Price = new Money(5000, "EUR") })?.Reasons ?? ["price"],
            reason => reason.StartsWith("price", StringComparison.Ordinal)
        );
    }

    static readonly Gen<Article> AnyArticle =
        from id in Gen.Int[0, 1000]
        from supplier in Gen.OneOf("a", "b", "c")
        from maker in Gen.OneOf("Sony", "Bose", "Canon")
        from thing in Gen.OneOf("Turntable", "Camera Case", "Memory Card 4GB", "Memory Card 8GB")
        from number in Gen.Int[100, 120]
        from gtin in Gen.OneOf("4006381333931", "036000291452", "", "", "")
        select new Article(
            $"{id}",
            supplier,
            $"{maker} {thing} KX{number}",
            [gtin],
            maker,
            number % 2 == 0 ? $"KX-{number}" : null
        );

    [Fact]
    public void The_order_of_articles_decides_nothing() =>
        Gen.Select(AnyArticle.List[0, 40], Gen.Int)
            .Sample(
                (articles, seed) =>
                {
                    var once = articles.DistinctBy(article => (article.Supplier, article.Id)).ToArray();
                    var otherwise = once.ToArray();
                    new Random(seed).Shuffle(otherwise);
                    Assert.Equal(Said(once), Said(otherwise));
                    Assert.Equal(Said(once), Said([.. once.Reverse()]));
                }
            );

    [Fact]
    public void No_article_gets_two_partners_at_one_supplier() =>
        AnyArticle
            .List[0, 60]
            .Sample(articles =>
            {
                var matches = new Matcher(MatchingRules.Usual).Match(
                    [.. articles.DistinctBy(article => (article.Supplier, article.Id))],
                    CancellationToken.None
                );
                var sides = matches.SelectMany(match =>
                    new[] { (match.Left, match.Right.Supplier), (match.Right, match.Left.Supplier) }
                );
                Assert.All(sides.GroupBy(side => side), side => Assert.Single(side));
            });

    [Fact]
    public void A_cluster_has_one_article_of_a_supplier_and_no_two_bar_codes() =>
        AnyArticle
            .List[0, 60]
            .Sample(articles =>
            {
                var once = articles.DistinctBy(article => (article.Supplier, article.Id)).ToArray();
                var pairs = once.SelectMany(left =>
                        once.Where(right => left.Supplier != right.Supplier && left.Title == right.Title)
                            .Select(right => new Match(left, right, Decision.Automatic, 0.9, []))
                    )
                    .ToArray();

                var clusters = Clusters.Of(pairs);

                foreach (var cluster in clusters.Joined)
                {
                    Assert.Equal(
                        cluster.Articles.Count,
                        cluster.Articles.DistinctBy(article => article.Supplier).Count()
                    );
                    var codes = cluster.Articles.Select(article => Gtin.Normalised(article.Gtins![0])).OfType<string>();
                    Assert.InRange(codes.Distinct(StringComparer.Ordinal).Count(), 0, 1);
                }
                Assert.Equal(Joined(clusters), Joined(Clusters.Of([.. pairs.Reverse()])));
            });

    [Fact]
    public void The_weaker_pair_of_a_contradiction_goes_to_a_person()
    {
        var (first, second, third) = (
            new Article("1", "a", "x"),
            new Article("2", "b", "x"),
            new Article("3", "a", "x")
        );
        var clusters = Clusters.Of([
            new(third, second, Decision.Automatic, 0.95, []),
            new(first, second, Decision.Automatic, 0.97, []),
        ]);

        Assert.Equal(["1", "2"], Assert.Single(clusters.Joined).Articles.Select(article => article.Id));
        Assert.Equal("would join 3 and 1 of a", Assert.Single(clusters.Review).Reasons[0]);
    }

    static string[] Joined(Clusters clusters) =>
        [.. clusters.Joined.Select(cluster => string.Join(' ', cluster.Articles.Select(one => one.Supplier + one.Id)))];

    static string[] Said(Article[] articles) =>
        [
            .. new Matcher(MatchingRules.Usual)
                .Match(articles, CancellationToken.None)
                .Select(match =>
                    $"{match.Left.Supplier}{match.Left.Id} {match.Right.Supplier}{match.Right.Id} {match.Decision} {match.Score}"
                ),
        ];
}
