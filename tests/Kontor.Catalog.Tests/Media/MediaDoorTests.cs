using System.Net.Http.Headers;
using Kontor.Catalog.Media;
using Kontor.Platform.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SkiaSharp;

namespace Kontor.Catalog.Tests.Media;

/// <summary>Pictures through the door, in a folder.</summary>
public sealed class MediaInFolderTests(Shop shop) : MediaDoorTests(shop), IClassFixture<Shop>;

/// <summary>The same in a bucket.</summary>
public sealed class MediaInBucketTests(BucketShop shop) : MediaDoorTests(shop.Shop), IClassFixture<BucketShop>;

/// <summary>Pictures through the door, wherever they lie.</summary>
public abstract class MediaDoorTests(Shop shop)
{
    static readonly byte[] Red = Pictures.Halves(700, 350);
    static readonly byte[] Other = Pictures.Halves(400, 400, SKEncodedImageFormat.Jpeg);

    [Fact]
    public async Task A_picture_is_taken_shown_and_kept_by_whoever_has_seen_it()
    {
        var key = shop.Fresh("picture");

        var taken = (await Upload(key, Red, alt: "A cup")).Is(201);
        var files = taken.Data.GetProperty("files");
        var url = files[0].GetProperty("url").GetString()!;
        using var sent = await shop.Http.GetAsync(url, TestContext.Current.CancellationToken);
        var again = await shop.Stranger.Get(url, ifNoneMatch: sent.Headers.ETag!.ToString());

        Assert.Equal((700, 350, "A cup"), (Int(taken, "width"), Int(taken, "height"), Text(taken, "alt")));
        Assert.Equal([320, 640, 700], files.EnumerateArray().Select(file => file.GetProperty("width").GetInt32()));
        Assert.Equal("image/webp", sent.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", sent.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("immutable", sent.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(320, SKBitmap.Decode(await sent.Content.ReadAsByteArrayAsync()).Width);
        Assert.Equal(304, again.Status);
        Assert.Equal(1, await shop.Query<long>("select count(*) from journal where stream = $1", $"media-{key}"));
    }

    [Fact]
    public async Task The_same_bytes_change_nothing_and_others_need_the_version()
    {
        var key = shop.Fresh("picture");
        var first = (await Upload(key, Red)).Is(201);

        var same = (await Upload(key, Red)).Is(200);
        (await Upload(key, Other)).Refused(428, "PRECONDITION_REQUIRED");
        (await Upload(key, Other, ifMatch: "\"7\"")).Refused(412, "PRECONDITION_FAILED");
        var replaced = (await Upload(key, Other, ifMatch: "\"1\"")).Is(200);
        var described = (await Upload(key, Other, alt: "Another", ifMatch: "\"2\"")).Is(200);

        Assert.Equal(first.Data.GetRawText(), same.Data.GetRawText());
        Assert.Equal((2, 400), (Int(replaced, "version"), Int(replaced, "width")));
        Assert.Equal((3, "Another"), (Int(described, "version"), Text(described, "alt")));
        Assert.Equal(replaced.Data.GetProperty("files").GetRawText(), described.Data.GetProperty("files").GetRawText());
    }

    [Fact]
    public async Task Of_many_that_come_at_once_under_one_key_one_stands_with_its_files()
    {
        var key = shop.Fresh("picture");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Upload(key, Pictures.Halves(100 + i, 50))));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers, answer => Assert.True(answer.Status is 201 or 428, answer.Text));
        var standing = (await new Caller(shop.Http) { Token = Scopes.CatalogRead }.Get($"/api/v1/media/{key}")).Is(200);
        Assert.Equal(200, (await shop.Stranger.Get(FileOf(standing))).Status);
    }

    /// <summary>Two workers of one pipeline bring the same file: neither has anything to resolve.</summary>
    [Fact]
    public async Task Of_many_that_bring_the_same_at_once_one_creates_and_the_others_change_nothing()
    {
        var key = shop.Fresh("picture");

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Upload(key, Red, alt: "A cup")));
        var replaced = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Upload(key, Other, alt: "A cup", ifMatch: "\"1\""))
        );

        Assert.Single(made, answer => answer.Status == 201);
        Assert.Equal(5, made.Count(answer => answer.Status == 200));
        Assert.Single(made.Select(answer => answer.Data.GetRawText()).Distinct(StringComparer.Ordinal));
        Assert.All(replaced, answer => Assert.Equal((200, 2), (answer.Status, Int(answer, "version"))));
        Assert.Equal(2, await shop.Query<long>("select count(*) from journal where stream = $1", $"media-{key}"));
        Assert.Equal(200, Status(FileOf(replaced[0])));
    }

    [Theory]
    [InlineData("no key!", 400, "VALIDATION_FAILED")]
    [InlineData("text", 422, "MEDIA_UNREADABLE")]
    [InlineData("bomb", 422, "MEDIA_TOO_LARGE")]
    [InlineData("long", 413, "BODY_TOO_LARGE")]
    public async Task A_refusal_leaves_nothing(string what, int status, string code)
    {
        var before = await shop.Query<long>("select count(*) from media");
        var left = await shop.Query<long>("select count(*) from media_leftovers");
        var body = what switch
        {
            "text" => "cup"u8.ToArray(),
            "bomb" => Pictures.Bomb(10_000, 10_000),
            "long" => new byte[Picture.MaxBytes + 1],
            _ => Red,
        };

        (await Upload(what == "no key!" ? "no%20key!" : shop.Fresh("refused"), body)).Refused(status, code);

        Assert.Equal(before, await shop.Query<long>("select count(*) from media"));
        Assert.Equal(left, await shop.Query<long>("select count(*) from media_leftovers"));
    }

    [Fact]
    public async Task Files_that_no_picture_names_are_removed_an_hour_later_and_no_others()
    {
        var key = shop.Fresh("picture");
        var gone = shop.Fresh("picture");
        var old = FileOf((await Upload(key, Red)).Is(201));
        var standing = FileOf((await Upload(key, Other, ifMatch: "\"1\"")).Is(200));
        var removed = FileOf((await Upload(gone, Red)).Is(201));
        (await shop.Staff.Send(HttpMethod.Delete, $"/api/v1/media/{gone}", null, ("If-Match", "\"1\""))).Is(200);
        var sweeper = shop.Services.GetServices<IHostedService>().OfType<SweepLeftovers>().Single();

        await sweeper.Sweep(default);
        Assert.All([old, standing, removed], file => Assert.Equal(200, Status(file)));
        await shop.Query<long>(
            "with aged as (update media_leftovers set since = since - interval '2 hours' returning 1) select count(*) from aged"
        );
        while (await sweeper.Sweep(default) > 0) { }

        Assert.Equal((404, 200, 404), (Status(old), Status(standing), Status(removed)));
        Assert.Equal(0, await shop.Query<long>("select count(*) from media_leftovers"));
    }

    [Theory]
    [InlineData("/api/v1/media/files/01a20861-4f1b-7265-8099-e7a0700866f5/320.webp")]
    [InlineData("/api/v1/media/files/01a20861-4f1b-7265-8099-e7a0700866f5/..%2f..%2fx.webp")]
    [InlineData("/api/v1/media/files/01a20861-4f1b-7265-8099-e7a0700866f5/0320.webp")]
    [InlineData("/api/v1/media/files/01a20861-4f1b-7265-8099-e7a0700866f5/320.png")]
    public async Task There_is_nothing_else_in_the_folder(string path) =>
        (await shop.Stranger.Get(path)).Refused(404, "MEDIA_NOT_FOUND");

    [Fact]
    public async Task A_product_shows_its_pictures_in_order_and_they_stay_while_it_does()
    {
        var (one, two) = (shop.Fresh("picture"), shop.Fresh("picture"));
        (await Upload(one, Red)).Is(201);
        (await Upload(two, Other)).Is(201);
        var product = (await shop.NewProduct(shop.Fresh())).Data.GetProperty("id").GetString()!;

        var set = (await Show(product, "\"1\"", two, one)).Is(200);
        var seen = (await shop.Stranger.Get($"/api/v1/products/{product}/media")).Is(200);

        Assert.Equal([two, one], seen.Data.EnumerateArray().Select(media => media.GetProperty("key").GetString()!));
        Assert.Equal(set.Data.GetRawText(), seen.Data.GetRawText());
        Assert.Equal(2, seen.Statements);
        Assert.StartsWith(
            "\"2",
            (await shop.Stranger.Get($"/api/v1/products/{product}")).Tag,
            StringComparison.Ordinal
        );
        (await shop.Staff.Send(HttpMethod.Delete, $"/api/v1/media/{one}", null, ("If-Match", "\"1\""))).Refused(
            409,
            "MEDIA_IN_USE"
        );
        (await Show(product, "\"1\"", one)).Refused(412, "PRECONDITION_FAILED");
        (await Show(product, null, one)).Refused(428, "PRECONDITION_REQUIRED");
        (await Show(product, "\"2\"", one, "no-such")).Refused(422, "UNKNOWN_MEDIA");
        (await Show(product, "\"2\"", one, one)).Refused(400, "VALIDATION_FAILED");
        (await Show(product, "\"2\"", two)).Is(200);
        (await shop.Staff.Send(HttpMethod.Delete, $"/api/v1/media/{one}", null, ("If-Match", "\"1\""))).Is(200);
        Assert.Equal(
            2,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and type = 'product.media-set.v1'",
                $"product-{product}"
            )
        );
    }

    [Fact]
    public async Task Pictures_of_a_product_that_is_not_shown_are_not_either()
    {
        var product = (await shop.NewProduct(shop.Fresh())).Data.GetProperty("id").GetString()!;
        var path = $"/api/v1/products/{product}/media";
        (await shop.Stranger.Get(path)).Is(200);

        (await shop.Staff.Send(HttpMethod.Delete, $"/api/v1/products/{product}", null, ("If-Match", "\"1\""))).Is(200);

        (await shop.Stranger.Get(path)).Refused(404, "PRODUCT_NOT_FOUND");
        (await Show(product, "\"2\"")).Refused(409, "PRODUCT_DELETED");
        (await Show(product, "*")).Refused(409, "PRODUCT_DELETED");
    }

    [Fact]
    public async Task A_slug_that_a_product_had_leads_to_its_pictures()
    {
        var key = shop.Fresh("led");
        (await Upload(key, Red)).Is(201);
        var product = await shop.NewProduct(key, title: $"Title {key}");
        var (id, old) = (product.Value("id"), product.Value("slug"));
        (await Show(id, "\"1\"", key)).Is(200);
        (await shop.Staff.Patch($"/api/v1/products/{id}", new { slug = $"{old}-b" }, "*")).Is(200);
        using var unled = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = shop.Http.BaseAddress,
        };

        var led = await unled.GetAsync(
            $"/api/v1/products/{old}/media?channel=web",
            TestContext.Current.CancellationToken
        );
        var there = (await shop.Stranger.Get($"/api/v1/products/{old}-b/media")).Is(200);

        Assert.Equal(308, (int)led.StatusCode);
        Assert.Equal($"/api/v1/products/{old}-b/media?channel=web", led.Headers.Location!.ToString());
        Assert.Equal(key, there.Data[0].GetProperty("key").GetString());
        Assert.Equal(2, there.Statements);
    }

    Task<Answer> Show(string product, string? ifMatch, params string[] media) =>
        shop.Staff.Send(
            HttpMethod.Put,
            $"/api/v1/products/{product}/media",
            Caller.Content(new { media }),
            ("If-Match", ifMatch)
        );

    int Status(string path) => (int)shop.Http.Send(new(HttpMethod.Get, path)).StatusCode;

    static string FileOf(Answer answer) => answer.Data.GetProperty("files")[0].GetProperty("url").GetString()!;

    static int Int(Answer answer, string member) => answer.Data.GetProperty(member).GetInt32();

    static string? Text(Answer answer, string member) => answer.Data.GetProperty(member).GetString();

    Task<Answer> Upload(string key, byte[] body, string? alt = null, string? ifMatch = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        var path = $"/api/v1/media/{key}{(alt is null ? "" : $"?alt={Uri.EscapeDataString(alt)}")}";
        return shop.Staff.Send(HttpMethod.Put, path, content, ("If-Match", ifMatch));
    }
}
