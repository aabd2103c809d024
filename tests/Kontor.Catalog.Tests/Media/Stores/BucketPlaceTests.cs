using Kontor.Catalog.Media;
using Kontor.Platform;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Tests.Media.Stores;

/// <summary>What is said of settings that cannot be used, before anything starts.</summary>
public sealed class BucketPlaceTests
{
    const string Secret = "a-secret-that-nobody-sees";

    [Fact]
    public void A_bucket_is_read_with_what_is_left_out()
    {
        var place = Read().Bucket!;

        Assert.Equal(("https://s3.example.com/", "pictures"), (place.Endpoint.ToString(), place.Bucket));
        Assert.Equal(("us-east-1", true, ""), (place.Region, place.IsPathStyle, place.Prefix));
        Assert.Equal(("AKID", Secret), (place.AccessKey, place.SecretKey));
        Assert.Equal(TimeSpan.FromSeconds(10), place.Patience);
        Assert.DoesNotContain(Secret, place.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_bucket_there_is_a_folder()
    {
        var nothing = MediaPlace.Read(new ConfigurationBuilder().Build(), "/own");

        Assert.Equal(new MediaPlace("/own"), nothing);
    }

    [Theory]
    [InlineData("Endpoint", null, "Media:S3:Endpoint is not set")]
    [InlineData("Endpoint", "s3.example.com", "Media:S3:Endpoint must be an origin")]
    [InlineData("Endpoint", "ftp://s3.example.com", "Media:S3:Endpoint must be an origin")]
    [InlineData("Endpoint", "https://s3.example.com/bucket", "Media:S3:Endpoint must be an origin")]
    [InlineData("Endpoint", "https://me:it@s3.example.com", "Media:S3:Endpoint must be an origin")]
    [InlineData("Endpoint", "http://s3.example.com", "plain http to another machine")]
    [InlineData("Bucket", null, "Media:S3:Bucket is not set")]
    [InlineData("Bucket", "No Bucket", "Media:S3:Bucket is 'No Bucket'")]
    [InlineData("Bucket", "a..b", "Media:S3:Bucket is 'a..b'")]
    [InlineData("Region", "Nowhere!", "Media:S3:Region is 'Nowhere!'")]
    [InlineData("AccessKey", null, "Media:S3:AccessKey is not set")]
    [InlineData("AccessKey", "two words", "Media:S3:AccessKey has characters")]
    [InlineData("SecretKey", null, "Media:S3:SecretKey is not set")]
    [InlineData("SecretKey", "a-secret-that-nobody-sees\n", "Media:S3:SecretKey has characters")]
    [InlineData("SecretKeyFile", "/no/such/file", "are both set")]
    [InlineData("PathStyle", "perhaps", "Media:S3:PathStyle is 'perhaps'")]
    [InlineData("Prefix", "/no", "Media:S3:Prefix is '/no'")]
    [InlineData("TimeoutMs", "0", "Media:S3:TimeoutMs is '0'")]
    [InlineData("TimeoutMs", "ten", "Media:S3:TimeoutMs is 'ten'")]
    [InlineData("Buckett", "x", "Media:S3:Buckett is no setting")]
    public void What_cannot_be_used_is_told_in_a_sentence(string setting, string? value, string sentence)
    {
        var wrong = Assert.Throws<MisconfiguredException>(() => Read((setting, value)));

        Assert.Contains(sentence, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(wrong.Message[^1], ".:");
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000", null)]
    [InlineData("http://[::1]:9000", null)]
    [InlineData("http://localhost:9000", null)]
    [InlineData("http://store.internal:9000", "true")]
    public void Plain_http_is_for_this_machine_or_by_an_operators_word(string endpoint, string? allowed) =>
        Assert.Equal(new Uri(endpoint), Read(("Endpoint", endpoint), ("AllowPlainHttp", allowed)).Bucket!.Endpoint);

    [Fact]
    public void Dots_and_a_bucket_before_the_host_do_not_go_together()
    {
        Assert.Equal("my.shop", Read(("Bucket", "my.shop")).Bucket!.Bucket);
        Assert.Throws<MisconfiguredException>(() => Read(("Bucket", "my.shop"), ("PathStyle", "false")));
    }

    [Fact]
    public void The_secret_may_lie_in_a_file_and_pictures_in_one_place()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, $"{Secret}\n");

        Assert.Equal(Secret, Read(("SecretKey", null), ("SecretKeyFile", file)).Bucket!.SecretKey);
        Assert.Throws<MisconfiguredException>(() => Read(("SecretKey", null), ("SecretKeyFile", $"{file}.none")));
        Assert.Throws<MisconfiguredException>(() => Read(("../Media:Folder", "/pictures")));
        File.Delete(file);
    }

    static MediaPlace Read(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Endpoint"] = "https://s3.example.com",
            ["Bucket"] = "pictures",
            ["AccessKey"] = "AKID",
            ["SecretKey"] = Secret,
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            all.Where(setting => setting.Value is not null)
                .Select(setting =>
                    KeyValuePair.Create(
                        setting.Key.StartsWith("../", StringComparison.Ordinal)
                            ? setting.Key[3..]
                            : $"Media:S3:{setting.Key}",
                        setting.Value
                    )
                )
        );
        return MediaPlace.Read(configuration.Build(), "/own");
    }
}
