using Kontor.Platform;
using Kontor.Platform.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Media;

/// <summary>The store of this installation, and what is said of it to whoever asks after health.</summary>
static class MediaStores
{
    public static IMediaStore Open(IServiceProvider services)
    {
        var place = services.GetRequiredService<MediaPlace>();
        return place.Bucket is { } bucket
            ? new MediaBucket(bucket, services.GetRequiredService<TimeProvider>())
            : new MediaFolder(place.Folder);
    }

    /// <summary>Without it goods are still sold, only not seen: the process is ready all the same.</summary>
    public static HealthPart Part(IServiceProvider services)
    {
        var store = services.GetRequiredService<IMediaStore>();
        return new(
            "media",
            async stop =>
            {
                try
                {
                    await store.Look(stop);
                    return true;
                }
                catch (AwayException)
                {
                    return false;
                }
            }
        );
    }
}
