using System.Net;
using System.Text;
using Kontor.Contracts.Catalog;
using Kontor.Ordering.Carts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Ordering.Tests.Carts;

/// <summary>What a catalogue in another process is sent, and one of the version before.</summary>
public sealed class CatalogOverHttpTests
{
    const string Offers =
        """{"data":{"offers":[{"sku":"A","product":"018f0000-0000-7000-8000-000000000000","title":"T","slug":"t","availability":"inStock","price":{"amount":5,"currency":"EUR"},"compareAt":{"amount":9,"currency":"EUR"}}]},"meta":{"timestamp":"2026-11-23T00:00:00Z"}}""";

    [Fact]
    public async Task The_whole_question_is_sent()
    {
        var catalog = new Played((_, _) => (HttpStatusCode.OK, Offers));

        var offers = await catalog.Asked(new([new("A", 3), new("B")], "EUR", "SE", "web", "vip"));

        Assert.Equal(
            """{"skus":["A","B"],"currency":"EUR","quantities":[3,1],"country":"SE","channel":"web","customerGroup":"vip"}""",
            Assert.Single(catalog.Bodies)
        );
        Assert.Equal((5, 9), (offers["A"].Price?.Amount, offers["A"].CompareAt?.Amount));
    }

    [Fact]
    public async Task A_plain_question_is_what_it_always_was()
    {
        var catalog = new Played((_, _) => (HttpStatusCode.OK, Offers));

        await catalog.Asked(new([new("A")], "EUR"));

        Assert.Equal("""{"skus":["A"],"currency":"EUR"}""", Assert.Single(catalog.Bodies));
    }

    [Fact]
    public async Task A_catalogue_of_the_version_before_is_asked_again_in_its_own_words()
    {
        var catalog = new Played(
            (body, _) =>
                body.Contains("quantities", StringComparison.Ordinal)
                    ? (HttpStatusCode.BadRequest, """{"code":"MALFORMED_BODY"}""")
                    : (HttpStatusCode.OK, Offers)
        );

        var offers = await catalog.Asked(new([new("A", 3)], "EUR", "SE"));

        Assert.Equal(5, offers["A"].Price?.Amount);
        Assert.Equal("""{"skus":["A"],"currency":"EUR"}""", catalog.Bodies[1]);
    }

    [Fact]
    public async Task Another_refusal_stays_a_bug()
    {
        var catalog = new Played((_, _) => (HttpStatusCode.BadRequest, """{"code":"VALIDATION_FAILED"}"""));

        await Assert.ThrowsAsync<InvalidOperationException>(() => catalog.Asked(new([new("A", 3)], "EUR", "SE")));
        Assert.Single(catalog.Bodies);
    }

    sealed class Played(Func<string, int, (HttpStatusCode Status, string Body)> answer)
        : HttpMessageHandler,
            IHttpClientFactory
    {
        public List<string> Bodies { get; } = [];

        public Task<IReadOnlyDictionary<string, Offer>> Asked(OfferQuestion question) =>
            new CatalogOverHttp(this, NullLogger<CatalogOverHttp>.Instance).Offers(question, default);

        public HttpClient CreateClient(string name) =>
            new(this, disposeHandler: false) { BaseAddress = new("http://catalog.test/") };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(stop));
            var (status, body) = answer(Bodies[^1], Bodies.Count);
            var type = status == HttpStatusCode.OK ? "application/json" : "application/problem+json";
            return new(status) { Content = new StringContent(body, Encoding.UTF8, type), RequestMessage = request };
        }
    }
}
