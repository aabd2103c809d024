namespace Kontor.Journal.Tests;

public sealed class ReachTests
{
    readonly Reach reach = new("shop");

    public ReachTests() => reach.Begin(new(10, 12, "aa"));

    [Theory]
    [InlineData("shop:0", true)]
    [InlineData("shop:aa.10", true)]
    [InlineData("shop:aa.11", false)]
    [InlineData("shop:aa~12", true)]
    [InlineData("shop:aa~13", false)]
    [InlineData("shop:bb.1", false)]
    [InlineData("other:aa.1", false)]
    public void What_stood_at_the_beginning_is_applied_and_what_is_unknown_is_not(string position, bool has) =>
        Assert.Equal(has, reach.Has(Read(position)));

    [Fact]
    public void An_insertion_id_is_applied_with_its_event_whatever_ids_lie_before_it()
    {
        // 13 was drawn before 14 and is not committed yet.
        reach.Applied(Batch(head: new(11, 12, "aa"), (11, 14)));

        Assert.True(reach.Has(Read("shop:aa~14")));
        Assert.False(reach.Has(Read("shop:aa~13")));
        Assert.True(reach.Has(Read("shop:aa.11")));
    }

    [Fact]
    public void A_mark_counts_only_from_the_head_at_which_it_was_true()
    {
        // At head 13 all up to id 20 is numbered; this batch ends at 11.
        reach.Applied(Batch(head: new(13, 20, "aa"), (11, 15)));
        Assert.False(reach.Has(Read("shop:aa~16")));

        reach.Applied(Batch(head: new(14, 21, "aa"), (12, 16), (13, 20)));

        Assert.True(reach.Has(Read("shop:aa~19")));
        Assert.False(reach.Has(Read("shop:aa~21")));
    }

    [Fact]
    public void A_look_that_found_nothing_moves_the_mark_too()
    {
        reach.Applied(Batch(head: new(10, 18, "aa")));

        Assert.True(reach.Has(Read("shop:aa~18")));
        Assert.Equal(10, reach.Sequence);
        Assert.Equal("shop:aa.10", reach.Position.ToString());
    }

    [Fact]
    public void It_is_blind_before_it_begins_and_while_the_journal_is_lost()
    {
        var other = new Reach("shop");
        Assert.True(other.IsBlind);
        Assert.Equal("shop:0", other.Position.ToString());
        Assert.False(reach.IsBlind);

        reach.Lost();
        Assert.True(reach.IsBlind);

        reach.Applied(Batch(head: new(10, 12, "aa")));
        Assert.False(reach.IsBlind);
    }

    [Fact]
    public void A_new_incarnation_gives_ids_again_so_none_is_taken_for_applied()
    {
        reach.Applied(Batch(head: new(11, 12, "aa"), (11, 14)));

        reach.Applied(Batch(head: new(11, 0, "bb")));

        Assert.False(reach.Has(Read("shop:bb~14")));
        Assert.False(reach.Has(Read("shop:bb~12")));
        Assert.True(reach.Has(Read("shop:bb.11")));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_what_is_applied_and_else_told_that_it_is_not()
    {
        var waiting = reach.Wait(Read("shop:aa~14"), TimeSpan.FromMinutes(1), default);
        Assert.False(waiting.IsCompleted);

        reach.Applied(Batch(head: new(11, 12, "aa"), (11, 14)));

        Assert.True(await waiting);
        Assert.False(await reach.Wait(Read("shop:aa~15"), TimeSpan.FromMilliseconds(5), default));
    }

    static Position Read(string text) =>
        Position.TryParse(text, out var position) ? position.Value : throw new FormatException(text);

    static EventBatch Batch(JournalHead head, params (long Sequence, long Id)[] events) =>
        new(
            head.Incarnation,
            [.. events.Select(e => new RecordedEvent(e.Id, e.Sequence, "s", 1, "t", DateTimeOffset.UnixEpoch, "{}"))]
        )
        {
            Head = head,
        };
}
