using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>What the sandbox's books say of a key.</summary>
/// <param name="State">authorised, declined, challenged or cancelled.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="BookedAt">When the key was first used, by the sandbox's clock.</param>
public sealed record Booking(
    string Key,
    string State,
    long Amount,
    string Currency,
    string Reference,
    DateTimeOffset BookedAt
);

/// <summary>Reads the books from outside, to hold them against what a merchant believes.</summary>
public static class BookReader
{
    const int PageSize = 1_000;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>From the file, whether or not a sandbox has it open now: what stood there in whole lines at opening. What
    /// follows is just being written, or was torn by a kill.</summary>
    /// <exception cref="InvalidDataException">A whole line is no entry.</exception>
    public static async Task<IReadOnlyList<Booking>> FromFile(string folder, CancellationToken stop)
    {
        var books = new Dictionary<string, Authorisation>(StringComparer.Ordinal);
        await using var file = new FileStream(
            SandboxServer.BooksIn(folder),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        );
        var left = await EndOfLines(file, stop);
        using var lines = new StreamReader(file, Strict);
        while (left > 0 && await lines.ReadLineAsync(stop) is { } line)
        {
            var entry = Read(line);
            books[entry.Key] = Authorisation.Apply(books.GetValueOrDefault(entry.Key), entry);
            left -= Strict.GetByteCount(line) + 1;
        }
        return [.. books.Values.Select(Of)];
    }

    /// <summary>Where the last line ends that is whole now.</summary>
    static async Task<long> EndOfLines(FileStream file, CancellationToken stop)
    {
        var buffer = new byte[4096];
        for (var end = file.Length; end > 0; )
        {
            var start = Math.Max(0, end - buffer.Length);
            var some = buffer.AsMemory(0, (int)(end - start));
            var read = await RandomAccess.ReadAsync(file.SafeFileHandle, some, start, stop);
            if (some.Span[..read].LastIndexOf((byte)'\n') is >= 0 and var at)
                return start + at + 1;
            end = start;
        }
        return 0;
    }

    /// <summary>From a sandbox that runs.</summary>
    /// <param name="secret">What its file says.</param>
    public static async Task<IReadOnlyList<Booking>> FromServer(Uri url, string secret, CancellationToken stop)
    {
        // The secret is for the sandbox alone: no proxy, no other address.
        using var straight = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var http = new HttpClient(straight) { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        var books = new List<Booking>();
        for (int? after = 0; after is { } place; )
        {
            var path = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"v1/books?after={place}&limit={PageSize}"
            );
            var page = await http.GetFromJsonAsync<Page>(path, JsonSerializerOptions.Web, stop);
            books.AddRange(page?.Authorisations ?? []);
            after = page?.Next;
        }
        return books;
    }

    static Booking Of(Authorisation standing) =>
        new(
            standing.Key,
            JsonNamingPolicy.CamelCase.ConvertName(standing.State.ToString()),
            standing.Amount,
            standing.Currency,
            standing.Reference,
            standing.BookedAt
        );

    static Entry Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, KontorJson.Options) ?? throw new JsonException("null.");
        }
        catch (JsonException unreadable)
        {
            throw new InvalidDataException("The sandbox's books have a line that is no entry.", unreadable);
        }
    }

    sealed record Page(IReadOnlyList<Booking> Authorisations, int? Next);
}
