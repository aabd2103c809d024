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
