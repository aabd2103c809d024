namespace Kontor.Search;

/// <summary>What the texts of an index weigh.</summary>
/// <param name="Texts">The text fields; a text of another field weighs what <see cref="TextField.Other"/> says.</param>
public sealed record SearchSchema(IReadOnlyList<TextField> Texts)
{
    /// <summary>Title, brand and category before description.</summary>
    public static SearchSchema Usual { get; } =
        new([
            new("title", Boost: 4, UsualLength: 8, CompletesWords: true),
            new("brand", Boost: 3, UsualLength: 2, CompletesWords: true),
            new("category", Boost: 2, UsualLength: 4, CompletesWords: true),
            new("description", Boost: 1, UsualLength: 60),
        ]);

    internal TextField Of(string field) =>
        Texts.FirstOrDefault(text => string.Equals(text.Name, field, StringComparison.Ordinal)) ?? TextField.Other;

    /// <summary>Most words of one text that are looked at; what follows is not found.</summary>
    public const int MaxWordsOfText = 2_000;

    /// <summary>Most products of one segment: what bounds how long a merge holds the writer.</summary>
    public int MaxSegment { get; init; } = 1 << 18;
}

/// <summary>How a text field counts.</summary>
/// <param name="Boost">Its weight beside the others, 0.1 to 100.</param>
/// <param name="UsualLength">Words of a usual text: shorter ones weigh more, longer ones less.</param>
/// <param name="CompletesWords">Its words are completed, suggested and found in spite of a typing error.</param>
public sealed record TextField(string Name, double Boost = 1, int UsualLength = 20, bool CompletesWords = false)
{
    internal static TextField Other { get; } = new("");
}

/// <summary>Fields that every index has. A name of the caller's own does not begin with <c>$</c>.</summary>
public static class SearchFields
{
    /// <summary>Range, ranges, histogram: minor units in the first of the query's price books that has the variant.</summary>
    public const string Price = "$price";

    /// <summary>Terms: <c>inStock</c>, <c>preorder</c>, <c>backorder</c>, <c>outOfStock</c>.</summary>
    public const string Availability = "$availability";

    internal const string Channel = "$channel";

    internal const string EveryChannel = "*";

    internal static string Word(Availability availability) =>
        availability switch
        {
            Kontor.Search.Availability.InStock => "inStock",
            Kontor.Search.Availability.Preorder => "preorder",
            Kontor.Search.Availability.Backorder => "backorder",
            _ => "outOfStock",
        };
}
