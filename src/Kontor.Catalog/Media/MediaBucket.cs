using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Kontor.Platform;

namespace Kontor.Catalog.Media;

/// <summary>Pictures in a bucket of an S3-compatible store.</summary>
/// <remarks>What is sent is signed with its SHA-256, so that the store itself refuses bytes that changed on the way.</remarks>
sealed class MediaBucket(BucketPlace place, TimeProvider clock) : IMediaStore, IDisposable
{
    const int Repeats = 2;

    readonly AmazonS3Client client = new(
        new BasicAWSCredentials(place.AccessKey, place.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = place.Endpoint.GetLeftPart(UriPartial.Authority),
            AuthenticationRegion = place.Region,
            ForcePathStyle = place.IsPathStyle,
            UseHttp = place.Endpoint.Scheme == Uri.UriSchemeHttp,
            MaxErrorRetry = Repeats,
            Timeout = place.Patience,
            // Stores that are not Amazon's know no checksums in trailers; the signature holds one already.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        }
    );

    public Task Write(Guid file, int width, byte[] webP, CancellationToken stop) =>
        Ask(
            async limited =>
            {
                using var bytes = new MemoryStream(webP, writable: false);
                var put = new PutObjectRequest
                {
                    BucketName = place.Bucket,
                    Key = KeyOf(file, width),
                    InputStream = bytes,
                    ContentType = "image/webp",
                    UseChunkEncoding = false,
                };
                return await client.PutObjectAsync(put, limited);
            },
            stop
        );

    public Task<StoredFile?> Open(Guid file, int width, CancellationToken stop) =>
        Ask<StoredFile?>(
            async limited =>
            {
                try
                {
                    var found = await client.GetObjectAsync(place.Bucket, KeyOf(file, width), limited);
                    return new(found.ResponseStream, found.ContentLength);
                }
                catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
                {
                    return null;
                }
            },
            stop
        );

    public async Task Remove(Guid file, CancellationToken stop)
    {
        var prefix = $"{place.Prefix}{IMediaStore.FolderOf(file)}/";
        var list = new ListObjectsV2Request { BucketName = place.Bucket, Prefix = prefix };
        var found = await Ask(limited => client.ListObjectsV2Async(list, limited), stop);
        foreach (var key in (found.S3Objects ?? []).Select(held => held.Key))
            await Ask(limited => client.DeleteObjectAsync(place.Bucket, key, limited), stop);
    }

    public Task Look(CancellationToken stop)
    {
        var list = new ListObjectsV2Request
        {
            BucketName = place.Bucket,
            Prefix = place.Prefix,
            MaxKeys = 1,
        };
        return Ask(limited => client.ListObjectsV2Async(list, limited), stop);
    }

    public void Dispose() => client.Dispose();

    string KeyOf(Guid file, int width) => $"{place.Prefix}{IMediaStore.FolderOf(file)}/{width}.webp";

    async Task<T> Ask<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(place.Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await ask(either.Token);
        }
        catch (Exception away) when (IsAway(away) && !stop.IsCancellationRequested)
        {
            throw new AwayException(
                Rejections.MediaStoreUnavailable,
                $"The bucket {place.Bucket} at {place.Endpoint.Authority} {Told(away)}.",
                away
            );
        }
    }

    static bool IsAway(Exception exception) =>
        exception
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or IOException
                or SocketException
                or WebException
                or OperationCanceledException;

    /// <summary>Codes, not texts: stores put the signature, and what was signed, in theirs.</summary>
    static string Told(Exception away) =>
        away switch
        {
            AmazonServiceException { StatusCode: >= HttpStatusCode.Continue } answer =>
                $"answers {(int)answer.StatusCode} {answer.ErrorCode}",
            OperationCanceledException => "does not answer in time",
            _ => $"cannot be reached: {(away.InnerException ?? away).Message}",
        };
}
