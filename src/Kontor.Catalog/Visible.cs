namespace Kontor.Catalog;

/// <summary>Which products are shown and sold, for every statement that reads, finds, offers or holds them.</summary>
/// <remarks>The clock is the database's, in the statement itself: a moment that is set takes effect in every process at
/// once, and no job has to run.</remarks>
static class Visible
{
    /// <summary>The moment that a context of prices is about.</summary>
    public const string Moment = "coalesce($6::timestamptz, now())";

    /// <summary>A condition on products p: it is shown in some channel.</summary>
    public static string Sold(string at = "now()") =>
        $"""
            (p.deleted_at is null and p.state = 'published' and coalesce(p.publish_from <= {at}, true)
                and coalesce(p.publish_until > {at}, true))
            """;

    /// <summary>A condition on products p: it is shown in this channel; where none is named, to whom no channel matters.</summary>
    public static string Shown(string channel, string at = "now()") =>
        $"""
            ({Sold(at)} and (p.everywhere
                or exists (select from product_channels shown where shown.product = p.id and shown.channel = {channel})))
            """;

    /// <summary>The same where it is known whether one is named: nobody starts a question that has one answer.</summary>
    public static string ShownIn(string? named, string channel, string at = "now()") =>
        named is null ? $"({Sold(at)} and p.everywhere)" : Shown(channel, at);
}
