using GraphQLParser;
using Kontor.Platform.Graph;
using Xunit;

namespace Kontor.Platform.Tests.Graph;

public sealed class DocumentBookTests
{
    static readonly KnownDocument Document = new("{ a }", Parser.Parse("{ a }"), new(1, 1), 1_000);

    [Fact]
    public void What_was_not_asked_for_the_longest_goes_first()
    {
        var book = new DocumentBook(4_000);
        book.Keep("a", Document);
        book.Keep("b", Document);
        book.Keep("c", Document);
        Assert.NotNull(book.Find("a"));

        book.Keep("d", Document);

        Assert.Equal([true, false, true, true], new[] { "a", "b", "c", "d" }.Select(key => book.Find(key) is not null));
    }

    [Fact]
    public void Ever_new_documents_take_no_more_room_than_there_is()
    {
        var book = new DocumentBook(100_000);

        for (var i = 0; i < 10_000; i++)
            book.Keep($"{i}", Document);

        Assert.InRange(book.Weight, 90_000, 100_000);
        Assert.InRange(book.Count, 50, 100);
    }

    [Fact]
    public void A_document_that_is_too_large_for_the_whole_book_is_not_kept()
    {
        var book = new DocumentBook(500);

        book.Keep("a", Document);

        Assert.Null(book.Find("a"));
        Assert.Equal((0, 0L), (book.Count, book.Weight));
    }

    [Fact]
    public async Task Many_at_once_leave_it_whole()
    {
        var book = new DocumentBook(20_000);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(n =>
                    Task.Run(
                        () =>
                        {
                            for (var i = 0; i < 5_000; i++)
                            {
                                book.Keep($"{(i * 7) % 50}", Document);
                                book.Find($"{(i + n) % 50}");
                                if (i % 11 == 0)
                                    book.Forget($"{i % 50}");
                            }
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );

        foreach (var i in Enumerable.Range(0, 50))
            book.Forget($"{i}");
        Assert.Equal((0, 0L), (book.Count, book.Weight));
    }
}
