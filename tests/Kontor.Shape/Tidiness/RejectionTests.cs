using System.Reflection;
using System.Text.RegularExpressions;
using Kontor.Kernel;

namespace Kontor.Shape.Tidiness;

public sealed partial class RejectionTests
{
    [Fact]
    public void Codes_are_upper_case_words() =>
        Assert.Equal([], Written.All.Where(r => !UpperSnake.IsMatch(r.Rejection.Code)).Select(r => r.Rejection.Code));

    [Fact]
    public void A_code_means_one_thing() =>
        Assert.Equal(
            [],
            Written
                .All.GroupBy(written => written.Rejection.Code, StringComparer.Ordinal)
                .Where(code => code.Count() > 1)
                .Select(code => $"{code.Key}: {string.Join(", ", code.Select(written => written.Where))}")
        );

    [Fact]
    public void Statuses_are_refusals_and_messages_are_sentences() =>
        Assert.Equal(
            [],
            Written
                .All.Where(written =>
                    written.Rejection.Status is < 400 or > 503 || !written.Rejection.Message.EndsWith('.')
                )
                .Select(written => written.Where)
        );

    [Fact]
    public void Every_refusal_is_used()
    {
        var sources = Repository.Sources("src/").Select(path => (path, Text: Repository.Read(path))).ToList();

        Assert.Equal(
            [],
            Written
                .All.Where(written => !sources.Any(source => Uses(source.path, source.Text, written)))
                .Select(written => $"{written.Where} is never answered.")
        );
    }

    /// <summary>By its class's name, or, in the file that defines it, by its own once more than in the definition.</summary>
    static bool Uses(string path, string text, Written written) =>
        (written.Room == "Kontor.Platform" || path.StartsWith($"src/{written.Room}/", StringComparison.Ordinal))
        && (
            text.Contains($"{written.Owner}.{written.Name}", StringComparison.Ordinal)
            || (
                Regex.IsMatch(text, $@"\b(class|record|struct) {written.Owner}\b", RegexOptions.ExplicitCapture, Limit)
                && Regex.Count(text, $@"\b{written.Name}\b", RegexOptions.None, Limit) > 1
            )
        );

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [GeneratedRegex("^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UpperSnake { get; }
}

/// <summary>A refusal and the field that holds it.</summary>
sealed record Written(string Room, string Owner, string Name, Rejection Rejection)
{
    public static IReadOnlyList<Written> All { get; } =
    [
        .. from type in Rooms.Types
        where !type.ContainsGenericParameters
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where field.FieldType == typeof(Rejection) && !field.Name.Contains('<', StringComparison.Ordinal)
        let rejection = (Rejection)field.GetValue(null)!
        // A variation (…Because) of a listed one is not another code.
        where rejection.Detail is null
        select new Written(type.Assembly.GetName().Name!, type.Name, field.Name, rejection),
    ];

    public string Where => $"{Room} {Owner}.{Name}";
}
