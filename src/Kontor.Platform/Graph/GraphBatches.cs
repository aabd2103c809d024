using GraphQL;
using GraphQL.DataLoader;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Platform.Graph;

/// <summary>What the fields of one request ask for by key, read together: the executor resolves all fields of a level that
/// it can, and then asks for the values of those that wait, the first of which reads for all.</summary>
sealed class GraphBatches
{
    readonly Dictionary<object, object> open = [];

    public IDataLoaderResult<TValue> Load<TKey, TValue>(
        object name,
        TKey key,
        Func<IReadOnlyList<TKey>, CancellationToken, Task<IReadOnlyList<TValue>>> read
    )
    {
        if (open.GetValueOrDefault(name) is not Batch<TKey, TValue> { HasBegun: false } batch)
            open[name] = batch = new(read);
        return batch.Add(key);
    }

    sealed class Batch<TKey, TValue>(Func<IReadOnlyList<TKey>, CancellationToken, Task<IReadOnlyList<TValue>>> read)
    {
        readonly List<TKey> keys = [];
        Task<IReadOnlyList<TValue>>? values;

        public bool HasBegun => values is not null;

        public Waiting<TKey, TValue> Add(TKey key)
        {
            keys.Add(key);
            return new Waiting<TKey, TValue>(this, keys.Count - 1);
        }

        public async Task<TValue> At(int place, CancellationToken stop) => (await (values ??= read(keys, stop)))[place];
    }

    sealed class Waiting<TKey, TValue>(Batch<TKey, TValue> batch, int place) : IDataLoaderResult<TValue>
    {
        public Task<TValue> GetResultAsync(CancellationToken cancellationToken = default) =>
            batch.At(place, cancellationToken);

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) =>
            await batch.At(place, cancellationToken);
    }
}

/// <summary>How a field asks for a value by key.</summary>
public static class GraphLoading
{
    /// <summary>The value of a key, read together with what other fields of the request ask for under the same name.</summary>
    /// <param name="name">Equal for all that may be read by one statement: the field, and what it was asked with.</param>
    /// <param name="read">The values in the order of the keys, in which one key may stand more than once.</param>
    public static object Load<TKey, TValue>(
        this IResolveFieldContext at,
        object name,
        TKey key,
        Func<IReadOnlyList<TKey>, CancellationToken, Task<IReadOnlyList<TValue>>> read
    ) => at.RequestServices!.GetRequiredService<GraphBatches>().Load(name, key, read);
}
