using System.Collections.Concurrent;

namespace Kontor.Search.Segments;

/// <summary>Numbers for names, from 0. Any thread; a number, once given, stays.</summary>
sealed class Names(int most)
{
    readonly ConcurrentDictionary<string, int> numbers = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    volatile int count;

    public int Count => count;

    public int? Find(string name) => numbers.TryGetValue(name, out var number) ? number : null;

    public int NumberOf(string name)
    {
        if (numbers.TryGetValue(name, out var number))
            return number;
        lock (gate)
        {
            if (numbers.TryGetValue(name, out number))
                return number;
            if (count == most)
                throw new InvalidOperationException($"An index has at most {most} fields, and as many price books.");
            numbers[name] = number = count;
            count = number + 1;
            return number;
        }
    }
}

/// <summary>A number for each word of each field, the same in every segment, so that counting is adding up. Any thread.</summary>
/// <remarks>Words that no product has any more stay until the index is built anew.</remarks>
sealed class WordBook
{
    const int PageBits = 12;
    readonly ConcurrentDictionary<(int Field, string Value), int> numbers = new();
    readonly Lock gate = new();
    (int Field, string Value)[][] pages = [];
    volatile int count;

    public int Count => count;

    public int? Find(int field, string value) => numbers.TryGetValue((field, value), out var number) ? number : null;

    public int NumberOf(int field, string value)
    {
        if (numbers.TryGetValue((field, value), out var number))
            return number;
        lock (gate)
        {
            if (numbers.TryGetValue((field, value), out number))
                return number;
            number = count;
            var page = number >> PageBits;
            if (page == pages.Length)
                Volatile.Write(ref pages, [.. pages, new (int, string)[1 << PageBits]]);
            pages[page][number & ((1 << PageBits) - 1)] = (field, value);
            count = number + 1;
            numbers[(field, value)] = number;
            return number;
        }
    }

    public (int Field, string Value) this[int number] =>
        Volatile.Read(ref pages)[number >> PageBits][number & ((1 << PageBits) - 1)];
}

/// <summary>What all segments of an index share.</summary>
sealed class Shared(SearchSchema schema, Languages.Tongues tongues)
{
    const int MostFields = 60_000;

    public SearchSchema Schema => schema;

    public Languages.Tongues Tongues => tongues;

    public Names Fields { get; } = new(MostFields);

    public Names Books { get; } = new(MostFields);

    public WordBook Words { get; } = new();

    /// <summary>The words of availability, by class: variants do not hold them, since they change in place.</summary>
    public IReadOnlyList<int> Availabilities =>
        field ??= [
            .. Enum.GetValues<Availability>()
                .Order()
                .Select(one => Words.NumberOf(AvailabilityField, SearchFields.Word(one))),
        ];

    public int AvailabilityField => Fields.NumberOf(SearchFields.Availability);
}
