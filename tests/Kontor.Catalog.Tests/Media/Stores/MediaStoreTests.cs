using System.Security.Cryptography;
using Kontor.Catalog.Media;
using Kontor.Kernel;
using Kontor.Platform;

namespace Kontor.Catalog.Tests.Media.Stores;

/// <summary>What every store does: a folder, a bucket of the store in these tests, and one that KONTOR_TEST_S3 names
/// (http://ACCESSKEY:SECRET@HOST:PORT/BUCKET; the bucket is there, and empty or another prefix's).</summary>
public sealed class MediaStoreTests : IAsyncLifetime
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kontor-pictures-");
    readonly Guid file = Id<Picture>.New(TimeProvider.System).Value;
    S3Server server = null!;

    public static TheoryData<string> Stores => ["folder", "bucket", "other"];

    public async ValueTask InitializeAsync() => server = await S3Server.Start();

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_is_written_is_read_and_goes_with_all_its_sizes(string kind)
    {
        var store = Store(kind);
        var (small, large) = (Bytes(3_000), Bytes(5 << 20));
        var other = Id<Picture>.New(TimeProvider.System).Value;

        Assert.Null(await store.Open(file, 320, Stop));
        await store.Write(file, 320, small, Stop);
        await store.Write(file, 2560, large, Stop);
        await store.Write(file, 2560, large, Stop);
        await store.Write(other, 320, small, Stop);

        Assert.Equal(small, await Read(store, file, 320));
        Assert.Equal(large, await Read(store, file, 2560));
        Assert.Null(await store.Open(file, 640, Stop));
        await store.Remove(file, Stop);
        Assert.Null(await store.Open(file, 320, Stop));
        Assert.Null(await store.Open(file, 2560, Stop));
        Assert.Equal(small, await Read(store, other, 320));
        await store.Remove(file, Stop);
        await store.Remove(other, Stop);
        await store.Look(Stop);
    }

    [Fact]
    public async Task In_a_bucket_a_picture_lies_under_the_prefix_by_its_name()
    {
        await Store("bucket").Write(file, 640, Bytes(10), Stop);

        var name = file.ToString("N");
        Assert.Equal($"shop/{name[^2..]}/{name}/640.webp", Assert.Single(server.Objects).Key);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("key")]
    [InlineData("bucket")]
    [InlineData("500")]
    [InlineData("slow")]
    [InlineData("dead")]
    public async Task A_store_that_cannot_is_away_and_the_secret_is_told_to_nobody(string what)
    {
        var place = server.Place;
        if (what == "500")
            server.Happens = async http =>
            {
                await S3Server.Refuse(http, 500, "InternalError");
                return true;
            };
        if (what == "slow")
        {
            place = place with { Patience = TimeSpan.FromMilliseconds(300) };
            server.Happens = async http =>
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return true;
            };
        }
        if (what == "dead")
            await server.Die();
        using var store = new MediaBucket(
            what switch
            {
                "secret" => place with { SecretKey = "another/secret+than=that" },
                "key" => place with { AccessKey = "AKIDSOMEBODY" },
                "bucket" => place with { Bucket = "elsewhere" },
                _ => place,
            },
            TimeProvider.System
        );

        AwayException[] away =
        [
            await Assert.ThrowsAsync<AwayException>(() => store.Write(file, 320, Bytes(10), Stop)),
            await Assert.ThrowsAsync<AwayException>(() => store.Open(file, 320, Stop)),
            await Assert.ThrowsAsync<AwayException>(() => store.Remove(file, Stop)),
            await Assert.ThrowsAsync<AwayException>(() => store.Look(Stop)),
        ];

        Assert.Empty(server.Objects);
        Assert.All(
            away,
            one =>
            {
                Assert.Equal(("MEDIA_STORE_UNAVAILABLE", 503), (one.Answer.Code, one.Answer.Status));
                Assert.True(one.Answer.RetryAfterSeconds > 0);
                Assert.DoesNotContain("secret", one.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain("Signature=", one.Message, StringComparison.Ordinal);
            }
        );
        Assert.DoesNotContain("secret", place.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_is_away()
    {
        var path = Path.Combine(folder.FullName, "a-file");
        await File.WriteAllTextAsync(path, "no folder", Stop);
        var store = new MediaFolder(path);

        await Assert.ThrowsAsync<AwayException>(() => store.Write(file, 320, Bytes(10), Stop));
        await Assert.ThrowsAsync<AwayException>(() => store.Look(Stop));
    }

    [Fact]
    public async Task Who_leaves_is_not_told_that_the_store_is_away()
    {
        using var leaving = new CancellationTokenSource();
        server.Happens = async http =>
        {
            await leaving.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store("bucket").Open(file, 320, leaving.Token));
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    IMediaStore Store(string kind)
    {
        if (kind == "folder")
            return new MediaFolder(Path.Combine(folder.FullName, "not-there-yet"));
        if (kind == "bucket")
            return new MediaBucket(server.Place, TimeProvider.System);
        var other = Environment.GetEnvironmentVariable("KONTOR_TEST_S3");
        Assert.SkipWhen(
            other is null,
            "A store of another make is tried where KONTOR_TEST_S3 names one; a bucket and a folder are tried always."
        );
        var url = new Uri(other);
        var place = new BucketPlace(
            new(url.GetLeftPart(UriPartial.Scheme) + url.Authority),
            url.AbsolutePath.Trim('/'),
            "us-east-1",
            Uri.UnescapeDataString(url.UserInfo.Split(':')[0]),
            Uri.UnescapeDataString(url.UserInfo.Split(':')[1]),
            IsPathStyle: true,
            $"tests-{file:N}/",
            TimeSpan.FromSeconds(20)
        );
        return new MediaBucket(place, TimeProvider.System);
    }

    static byte[] Bytes(int length) => RandomNumberGenerator.GetBytes(length);

    static async Task<byte[]> Read(IMediaStore store, Guid file, int width)
    {
        await using var opened = await store.Open(file, width, Stop);
        using var read = new MemoryStream();
        await opened!.Bytes.CopyToAsync(read, Stop);
        Assert.Equal(opened.Length, read.Length);
        return read.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
