using Kontor.Platform.Graph;
using Xunit;

namespace Kontor.Platform.Tests.Graph;

/// <summary>Small requests that would be much work. Each is refused, or answered, in bounded memory, and what is bounded in
/// memory on one thread is bounded in time; no test here looks at a clock.</summary>
public sealed class BombTests : IDisposable
{
    const int MiB = 1 << 20;
    readonly SmallDoor door = new();

    public static TheoryData<string, string, string?> Documents =>
        new()
        {
            {
                "many directives at one field",
                "{ echo " + Times(101, _ => "@skip(if: false) ") + "}",
                "TOO_MANY_DIRECTIVES"
            },
            { "thousands of them", "{ echo " + Times(1_900, _ => "@a ") + "}", "TOO_MANY_DIRECTIVES" },
            { "at an operation", "query " + Times(101, _ => "@a ") + "{ echo }", "TOO_MANY_DIRECTIVES" },
            {
                "at a variable",
                "query($v: Int " + Times(101, _ => "@a ") + ") { echo(number: $v) }",
                "TOO_MANY_DIRECTIVES"
            },
            {
                "at a fragment",
                "{ ...F } fragment F on Query " + Times(101, _ => "@a ") + "{ echo }",
                "TOO_MANY_DIRECTIVES"
            },
            {
                "at a spread",
                "{ ...F " + Times(101, _ => "@a ") + "} fragment F on Query { echo }",
                "TOO_MANY_DIRECTIVES"
            },
            {
                "in a fragment that is spread often",
                "{ " + Times(51, _ => "...F ") + "} fragment F on Query { echo @a @b }",
                "TOO_MANY_DIRECTIVES"
            },
            { "many aliases", "{ " + Times(31, i => $"a{i}: echo ") + "}", "TOO_MANY_ALIASES" },
            { "many fields", "{ " + Times(1_001, _ => "echo ") + "}", "QUERY_TOO_COMPLEX" },
            { "a fragment in itself", "{ ...A } fragment A on Query { ...A }", "QUERY_TOO_DEEP" },
            {
                "in itself by others",
                "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }",
                "QUERY_TOO_DEEP"
            },
            {
                "in itself below fields",
                "{ things { nodes { ...A } } } fragment A on Thing { next { ...B } } fragment B on Thing { next { ...A } }",
                "QUERY_TOO_DEEP"
            },
            {
                "twice in itself below fields",
                "{ things { nodes { ...A } } } fragment A on Thing { a: next { ...A } b: next { ...A } }",
                "QUERY_TOO_DEEP"
            },
            { "in itself, spread by nobody", "{ echo } fragment A on Query { ...A }", "QUERY_TOO_DEEP" },
            { "fields that go deep", "{ things(first: 1) { nodes { " + Deep(11), "QUERY_TOO_DEEP" },
            { "inline fragments that go deep", Times(65, _ => "{ ... "), "DOCUMENT_TOO_LARGE" },
            {
                "lists that go deep",
                "{ echo(list: " + Times(70, _ => "[") + Times(70, _ => "]") + ") }",
                "DOCUMENT_TOO_LARGE"
            },
            {
                "objects that go deep",
                "{ echo(list: " + Times(70, _ => "{a:") + "1" + Times(70, _ => "}") + ") }",
                "DOCUMENT_TOO_LARGE"
            },
            {
                "types that go deep",
                "query($v: " + Times(70, _ => "[") + "Int" + Times(70, _ => "]") + ") { echo }",
                "DOCUMENT_TOO_LARGE"
            },
            { "nothing but opening", Times(16_000, _ => "{"), "DOCUMENT_TOO_LARGE" },
            { "nothing but comments", Times(8_200, _ => "#\n##"), "DOCUMENT_TOO_LARGE" },
            { "a type of one's own", "{ echo } " + Times(200, i => $"type A{i} {{ a: Int }} "), "SYNTAX_ERROR" },
            {
                "lists of types in lists of types",
                "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
                "QUERY_TOO_DEEP"
            },
            {
                "types of types of types",
                "{ __type(name: \"Thing\") { fields { type { "
                    + Times(40, _ => "ofType { ")
                    + Times(40, _ => "name } ")
                    + "} } } }",
                null // A chain is as long as its text, and runs.
            },
        };

    [Theory]
    [MemberData(nameof(Documents), DisableDiscoveryEnumeration = true)]
    public void A_document_that_would_be_much_work_is_refused_in_little_memory(string about, string query, string? code)
    {
        Assert.NotEmpty(about);
        Assert.Equal(code, door.CodeOf(query, 4 * MiB));
    }

    [Fact]
    public void A_list_of_requests_is_refused_by_words_of_its_own()
    {
        var one = "{\"query\":\"{ echo }\"}";

        Assert.Equal("BATCH_REFUSED", door.CodeOfBody($"[{one}]", MiB));
        Assert.Equal(
            "BATCH_REFUSED",
            door.CodeOfBody($"[{string.Join(',', Enumerable.Repeat(one, 10_000))}]", 8 * MiB)
        );
        Assert.Equal("BATCH_REFUSED", door.CodeOfBody("[]", MiB));
    }

    [Fact]
    public void Variables_that_are_large_are_read_in_bounded_memory()
    {
        string Body(string variables) =>
            $$"""{"query":"query($l: [String]) { echo(list: $l) }","variables":{{variables}}}""";
        var many = string.Join(',', Enumerable.Repeat("1", 100_000));
        var names = string.Join(',', Enumerable.Range(0, 15_000).Select(i => $"\"v{i}\":1"));

        Assert.Equal(
            "MALFORMED_BODY",
            door.CodeOfBody(Body("{\"l\":" + new string('[', 100) + new string(']', 100) + "}"), MiB)
        );
        Assert.Equal("MALFORMED_BODY", door.CodeOfBody(Body(new string('[', 200_000)), 2 * MiB));
        Assert.Equal("BAD_REQUEST", door.CodeOfBody(Body("{\"l\":[" + new string('9', 200_000) + "]}"), 2 * MiB));
        Assert.Equal("BODY_TOO_LARGE", door.CodeOfBody(Body("{\"l\":\"" + new string('a', 300_000) + "\"}"), 2 * MiB));
        Assert.NotNull(door.CodeOfBody(Body("{\"l\":[" + many + "]}"), 48 * MiB));
        Assert.Null(door.CodeOfBody(Body("{" + names + "}"), 24 * MiB));
    }

    [Fact]
    public void A_field_that_is_refused_ten_thousand_times_is_told_fifty_times()
    {
        var answer = door.Post(
            new { query = "{ " + Times(30, i => $"a{i}: things(first: 100) {{ nodes {{ secret }} }} ") + "}" }
        );

        Assert.Equal(200, answer.Status);
        Assert.Equal(50, answer.Body.GetProperty("errors").GetArrayLength());
        Assert.Equal(30, answer.Body.GetProperty("data").EnumerateObject().Count());
    }

    [Fact]
    public void A_document_that_is_wrong_everywhere_is_told_fifty_times_in_bounded_memory()
    {
        var wrong = new[]
        {
            "{ " + Times(1_000, i => $"nothing{i} ") + "}",
            "{ echo(" + Times(1_300, i => $"x{i}: 1 ") + ") }",
            "query(" + Times(900, i => $"$v{i}: Nothing ") + ") { echo }",
            "query(" + Times(900, _ => "$v: Int ") + ") { echo }",
            "{ echo(list: [" + Times(3_900, _ => "A ") + "]) }",
            "{ echo(list: {" + Times(1_200, _ => "a: 1 ") + "}) }",
        };

        foreach (var query in wrong)
        {
            Assert.NotNull(door.CodeOf(query, 32 * MiB));
            Assert.InRange(door.Post(new { query }).Body.GetProperty("errors").GetArrayLength(), 1, 50);
        }
    }

    [Fact]
    public void What_a_query_costs_is_told()
    {
        var answer = door.Post(new { query = "{ things(first: 7) { nodes { number } } }" });

        var cost = answer.Body.GetProperty("extensions").GetProperty("cost");
        Assert.Equal(15, cost.GetProperty("asked").GetInt32()); // things, and of each of seven: nodes, number
        Assert.Equal(DocumentLimits.MaxCost, cost.GetProperty("allowed").GetInt32());
        Assert.Equal(15, cost.GetProperty("values").GetInt32());
        Assert.Equal(DocumentLimits.MaxValues, cost.GetProperty("valuesAllowed").GetInt32());
    }

    public void Dispose() => door.Dispose();

    static string Deep(int levels) => Times(levels, _ => "next { ") + "number " + Times(levels + 2, _ => "} ") + "}";

    static string Times(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));
}
