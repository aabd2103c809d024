using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>Where an OpenSearch is and how its index is made.</summary>
/// <param name="Address">With <c>https</c> unless it is on this machine.</param>
/// <param name="Alias">The name that is searched; the indices behind it are called <c>alias-1</c>, <c>alias-2</c>…</param>
public sealed record OpenSearchOptions(Uri Address, string Alias)
{
    /// <summary>Basic authentication; with <see cref="Password"/>.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>A bearer token, instead of user and password.</summary>
    public string? Token { get; init; }

    /// <summary>A file of certificates (PEM) that the server's is to descend from, where the system's own do not know it.</summary>
    public string? Authorities { get; init; }

    /// <summary>Languages that have texts of their own, by the first part of their tags, and the analyser of each: the names
    /// are OpenSearch's, or of <see cref="Analysis"/>. Texts of another language are found by their words as written.</summary>
    public IReadOnlyDictionary<string, string> Languages { get; init; } = BuiltIn;

    /// <summary>Analysers of the shop's own, as the <c>analysis</c> of the index's settings.</summary>
    public JsonObject? Analysis { get; init; }

    public int Shards { get; init; } = 1;

    public int Replicas { get; init; } = 1;

    /// <summary>How long one request may take, milliseconds.</summary>
    public int TimeoutMs { get; init; } = 10_000;

    /// <summary>How often a request is sent at most, the first time included.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The wait before the second attempt, milliseconds; it doubles, and is 5 s at most.</summary>
    public int BackoffMs { get; init; } = 100;

    /// <summary>How old the position may be that answers tell, milliseconds. It is never ahead of what they show.</summary>
    public int PositionAgeMs { get; init; } = 1_000;

    /// <summary>Bytes of one bulk request; a single product may be more.</summary>
    public int BulkBytes { get; init; } = 5_000_000;

    /// <summary>Values that each shard counts for a facet at least. A facet is exact where a shard has no more.</summary>
    public int CountedValues { get; init; } = 5_000;

    /// <summary>The languages for which OpenSearch has an analyser of its own.</summary>
    public static IReadOnlyDictionary<string, string> BuiltIn { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ar"] = "arabic",
            ["bg"] = "bulgarian",
            ["ca"] = "catalan",
            ["cs"] = "czech",
            ["da"] = "danish",
            ["de"] = "german",
            ["el"] = "greek",
            ["en"] = "english",
            ["es"] = "spanish",
            ["et"] = "estonian",
            ["fi"] = "finnish",
            ["fr"] = "french",
            ["ga"] = "irish",
            ["hi"] = "hindi",
            ["hu"] = "hungarian",
            ["hy"] = "armenian",
            ["id"] = "indonesian",
            ["it"] = "italian",
            ["ja"] = "cjk",
            ["ko"] = "cjk",
            ["lt"] = "lithuanian",
            ["lv"] = "latvian",
            ["nb"] = "norwegian",
            ["nl"] = "dutch",
            ["nn"] = "norwegian",
            ["no"] = "norwegian",
            ["pt"] = "portuguese",
            ["ro"] = "romanian",
            ["ru"] = "russian",
            ["sv"] = "swedish",
            ["th"] = "thai",
            ["tr"] = "turkish",
            ["zh"] = "cjk",
        };

    /// <summary>What is wrong with it, in a sentence; null where nothing is.</summary>
    public string? Fault =>
        Address.UserInfo.Length > 0 ? "The address has a user in it: that is for User and Password."
        : !Address.AbsolutePath.EndsWith('/') || Address.Query.Length > 0 ? "The address ends with '/'."
        : Address.Scheme != "https" && !(Address.Scheme == "http" && (Address.IsLoopback || !HasSecret))
            ? $"{Address} would carry a password or token in the clear: use https."
        : User is null != Password is null ? "A user needs a password, and a password a user."
        : User is not null && Token is not null ? "Either user and password, or a token."
        : !IsName(Alias) ? $"'{Alias}' is no name of an alias: small letters, digits and '-', beginning with a letter."
        : Languages.Keys.FirstOrDefault(tag => !IsName(tag) || tag is Spaces.None or Spaces.Others) is { } tag
            ? $"'{tag}' is no language: the first part of a tag, in small letters."
        : Attempts < 1 || TimeoutMs < 1 || Shards < 1 || BulkBytes < 1 || CountedValues < 1
            ? "Attempts, timeout, shards, bulk bytes and counted values are 1 or more."
        : null;

    /// <summary>Without the secrets: records print all that they have.</summary>
    public override string ToString() => $"{Alias} at {Address}";

    bool HasSecret => User is not null || Token is not null;

    static bool IsName(string name) =>
        name.Length is > 0 and <= 100
        && char.IsAsciiLetterLower(name[0])
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
