using System.Text.RegularExpressions;

namespace Kontor.Shape.Tidiness;

public sealed partial class WordTests
{
    static readonly string[] Vague =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Service",
        "Services",
        "Processor",
        "Data",
        "Info",
        "Dto",
        "Impl",
    ];

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        Assert.Equal([], Rooms.Types.Where(type => IsVague(type.Name)).Select(type => type.FullName));

    [Theory]
    [InlineData("CartManager", true)]
    [InlineData("StringUtils", true)]
    [InlineData("ProductDto", true)]
    [InlineData("Data", true)]
    [InlineData("Processor`1", true)]
    [InlineData("ServiceDatabase", false)]
    [InlineData("CartDesk", false)]
    public void A_vague_name_is_found(string name, bool isVague) => Assert.Equal(isVague, IsVague(name));

    [Fact]
    public void What_is_left_to_do_names_its_issue() =>
        Assert.Equal(
            [],
            Texts()
                // Prose may speak of the word; this project does.
                .Where(file => !file.Path.EndsWith(".md", StringComparison.Ordinal))
                .Where(file => file.Path != ".editorconfig")
                .SelectMany(file => OpenEnds(file.Text).Select(line => $"{file.Path}: {line}"))
        );

    // Planted: what the check must find, and what it must let pass; written in two halves, so that this file is checked like any other.
    [Theory]
    [InlineData("// TO" + "DO: mend this", 1)]
    [InlineData("// FIX" + "ME later", 1)]
    [InlineData("// TO" + "DO(#12): mend this", 0)]
    [InlineData("// TO" + "DO #7 mend this", 0)]
    [InlineData("TO" + "DO", 1)]
    [InlineData("a mastodon", 0)]
    [InlineData("-- TO" + "DO: an index", 1)]
    public void A_loose_end_is_found(string text, int count) => Assert.Equal(count, OpenEnds(text).Count());

    [Fact]
    public void No_file_tells_of_the_machine_it_was_written_on() =>
        Assert.Equal(
            [],
            Texts().SelectMany(file => Places(file.Text).Select(place => $"{file.Path} mentions {place}."))
        );

    [Theory]
    [InlineData("/wor" + "k/wt/shape/src")]
    [InlineData("see /ro" + "ot/.nuget/packages")]
    [InlineData("/ho" + "me/somebody/kontor")]
    [InlineData("/Us" + "ers/somebody/kontor")]
    [InlineData("C:\\Us" + "ers\\somebody")]
    [InlineData("https://api.nu" + "get.org/v3/index.json")]
    [InlineData("https://registry.np" + "mjs.org/")]
    [InlineData("http://1" + "0.1.2.3:4873/")]
    public void A_place_is_found(string text) => Assert.NotEmpty(Places(text));

    static bool IsVague(string name) => Vague.Any(word => name.Split('`')[0].EndsWith(word, StringComparison.Ordinal));

    static IEnumerable<string> OpenEnds(string text) => OpenEnd.Matches(text).Select(found => found.Value.Trim());

    static IEnumerable<string> Places(string text) => Place.Matches(text).Select(found => found.Value);

    static IEnumerable<(string Path, string Text)> Texts() =>
        Repository.Files.Where(path => !IsBinary(path)).Select(path => (path, Repository.Read(path)));

    static bool IsBinary(string path) =>
        Path.GetExtension(path) is ".png" or ".gz" or ".ico" or ".woff2" or ".zip" or ".jpg" or ".webp";

    [GeneratedRegex(
        @"(//|--|#|<!--|^).*\b(TO[D]O|FIX[M]E)\b(?!\s*\(?#\d+)[^\n]*",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex OpenEnd { get; }

    /// <summary>Folders of a person or a build machine, registries, and addresses of private networks with a port.</summary>
    [GeneratedRegex(
        @"(?<![\w.:/])/(work|root|home/(?!linuxbrew)\w+|Users/\w+)/[\w.]+|[A-Z]:\\Users\\\w+|\b(api\.nuget|registry\.npmjs|pypi|proxy\.golang)\.org\b|https?://(10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+(:\d+)?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Place { get; }
}
